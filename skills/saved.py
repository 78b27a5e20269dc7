"""Keeps the inventory of a generation with it. Knows nothing of how it is drawn or used."""

from pathlib import Path
from typing import Final

from pydantic import ValidationError

from retrieval.generation import Generation
from skills.card import Inventory

FILE: Final = "skills"


def save(inventory: Inventory, folder: Path) -> None:
    """Adds the inventory to a generation that is not sealed yet."""
    (folder / f"{FILE}.json").write_text(inventory.model_dump_json(), encoding="utf-8")


def saved(generation: Generation) -> Inventory | None:
    """The inventory that was saved with a generation; None where there is none that this version reads."""
    try:
        found = generation.extra(FILE)
        return None if found is None else Inventory.model_validate(found)
    except ValidationError:
        return None
