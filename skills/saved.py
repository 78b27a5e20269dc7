"""Keeps the inventory of a generation with it, and the vectors of its names. Knows nothing of how they come or go."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np

from retrieval.generation import Generation
from skills.card import Inventory, Term
from skills.meaning import Vectors, names_of

FILE: Final = "skills"
BEGINS, ENDS = '{"terms":[\n', "]}\n"
"""What stands around the terms, a line each: read one by one they take about half the memory."""


def save(
    inventory: Inventory, folder: Path, embed: Callable[[list[str]], Vectors], known: Mapping[str, Vectors]
) -> None:
    """Adds the inventory and the vectors of its names to a generation that is not sealed yet.

    Args:
        inventory: all terms.
        folder: the generation's.
        embed: gives unit vectors of texts.
        known: vectors that need not be made again, by name.
    """
    with (folder / f"{FILE}.json").open("w", encoding="utf-8") as file:
        file.write(BEGINS)
        file.writelines(f"{',' if at else ' '}{term.model_dump_json()}\n" for at, term in enumerate(inventory.terms))
        file.write(ENDS)
    names = names_of(inventory)
    new = [name for name in dict.fromkeys(names) if name not in known]
    vectors = {**known, **dict(zip(new, embed(new), strict=True))} if new else known
    if names:
        np.save(folder / f"{FILE}.npy", np.stack([vectors[name] for name in names]).astype(np.float16))


def saved(generation: Generation) -> Inventory | None:
    """The inventory that was saved with a generation; None where there is none that this version reads."""
    path = generation.folder / f"{FILE}.json"
    try:
        return _read(path) if path.is_file() else None
    except ValueError:  # also what is no UTF-8
        return None


def _read(path: Path) -> Inventory:
    with path.open(encoding="utf-8") as file:
        if file.readline() == BEGINS:
            return Inventory(terms=tuple(Term.model_validate_json(line[1:]) for line in _terms(file)))
    return Inventory.model_validate_json(path.read_bytes())  # as earlier versions wrote it


def _terms(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if line == ENDS:
            return
        yield line
    raise ValueError("the terms break off")


def saved_vectors(generation: Generation, inventory: Inventory) -> Vectors | None:
    """The vectors of all names of the inventory; None where others or none were saved with the generation."""
    path = generation.folder / f"{FILE}.npy"
    if not path.is_file():
        return None
    vectors: Vectors = np.load(path)
    return vectors.astype(np.float32) if len(vectors) == len(names_of(inventory)) else None


def name_vectors(generation: Generation | None, fingerprint: str) -> dict[str, Vectors]:
    """The vectors that were saved with an older generation, by name; none if another model made them."""
    of_model = generation is not None and generation.manifest and generation.manifest.fingerprint == fingerprint
    inventory = saved(generation) if generation and of_model else None
    vectors = saved_vectors(generation, inventory) if generation and inventory else None
    return {} if vectors is None or inventory is None else dict(zip(names_of(inventory), vectors, strict=True))
