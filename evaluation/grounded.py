"""Measures the checker of a model's sentences on public sets: `python -m evaluation.grounded --data DIR`.

clapnq: each sentence of the answers that people wrote ought to pass with the evidence that they chose, and to be caught
with the evidence of another question. scifact: a claim ought to be caught with an abstract that its labels say refutes
it, and with one about something else; what supports it often has to be concluded, which the checker never does, so the
share that passes there only tells how strict it is.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

import typer
from rich.console import Console
from rich.table import Table

from answering.phrased.claims import Claims, Encode, Follows
from answering.phrased.following import Following
from answering.phrased.grounds import Ground, pieces
from answering.phrased.reading import Names
from answering.phrased.sentences import Sentence
from evaluation.claims import Remembering
from evaluation.metrics import Share, share
from ingest.errors import GuideError

FEWEST_WORDS: Final = 4
"""Of a sentence that claims something."""
ELSEWHERE: Final = 7
"""How many questions further on the evidence is taken from that has nothing to do with a sentence."""


class Held(NamedTuple):
    """A sentence, what it is held against, and whether it ought to pass."""

    kind: str
    text: str
    evidence: tuple[str, ...]
    holds: bool


def held(data: Path) -> Iterator[Held]:
    """Sentences of the sets that lie in a folder.

    Raises:
        GuideError: none of the two is there, or one cannot be read.
    """
    readers = {"clapnq": _clapnq, "scifact": _scifact}
    there = [name for name in readers if (data / name / "queries.jsonl").is_file()]
    if not there:
        raise GuideError(f"{data} holds neither clapnq nor scifact: give the folder that they lie in with --data")
    for name in there:
        try:
            yield from readers[name](data / name)
        except (KeyError, TypeError, ValueError) as error:
            raise GuideError(f"{data / name} cannot be read ({error!r}): get the set anew") from error


def shares(data: Path, sample: int | None, encode: Encode, follows: Follows | None = None) -> dict[str, Share]:
    """The share of each kind that is judged rightly.

    Args:
        data: folder of the sets.
        sample: sentences of each kind; None takes all.
        encode: texts to vectors.
        follows: weighs what the rules object to; without it each objection counts.
    """
    found: defaultdict[str, list[bool]] = defaultdict(list)
    for each in held(data):
        if sample is None or len(found[each.kind]) < sample:
            grounds = [Ground(number=at, quote=text, context="") for at, text in enumerate(each.evidence, 1)]
            cites = tuple(ground.number for ground in grounds)
            fault = Claims(grounds, Names({}), encode, follows=follows).check(Sentence(each.text, cites)).fault
            found[each.kind].append(bool(fault) != each.holds)
    return {kind: share(sum(right), len(right)) for kind, right in found.items()}


def _clapnq(folder: Path) -> Iterator[Held]:
    asked = [each for each in _lines(folder / "queries.jsonl") if each["answerable"]]
    chosen = [tuple(_plain(text) for text in each["selected_sentences"][0]) for each in asked]
    for at, each in enumerate(asked):
        for text in pieces(_plain(each["answers"][0])):
            if len(text.split()) >= FEWEST_WORDS and chosen[at]:
                yield Held("clapnq: with the evidence chosen, passed", text, chosen[at], holds=True)
                other = chosen[(at + ELSEWHERE) % len(asked)]
                yield Held("clapnq: with another question's, caught", text, other, holds=False)


def _scifact(folder: Path) -> Iterator[Held]:
    abstracts = {each["_id"]: f"{each['title']}\n{each['text']}" for each in _lines(folder / "corpus.jsonl")}
    claims = [each for each in _lines(folder / "queries.jsonl") if each["evidence"]]
    kinds = {"SUPPORT": "scifact: supported, passed", "CONTRADICT": "scifact: refuted, caught"}
    for at, each in enumerate(claims):
        for document, labels in each["evidence"].items():
            label = labels[0]["label"]
            yield Held(kinds[label], each["text"], (abstracts[document],), holds=label == "SUPPORT")
        other = next(iter(claims[(at + ELSEWHERE) % len(claims)]["evidence"]))
        if other not in each["evidence"]:
            yield Held("scifact: about something else, caught", each["text"], (abstracts[other],), holds=False)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def _plain(text: str) -> str:
    """Without the spaces that tokenizing has put before signs."""
    text = re.sub(r"``\s*|\s*''", '"', text)
    text = re.sub(r"\s+(?=[.,;:!?)%]|'s\b|n't\b)", "", text)
    return re.sub(r"(?<=\()\s+|(?<=\w)\s(?=-\s\w)|(?<=\w\s-)\s(?=\w)", "", text)


def main(
    data: Annotated[Path, typer.Option(help="Folder that holds clapnq, scifact, or both.")],
    sample: Annotated[int | None, typer.Option(help="Sentences of each kind; all without it.")] = None,
) -> None:
    """Measure the checker where others have labelled what holds."""
    table = Table(title="Sentences judged rightly, on public sets")
    for column in ("kind", "share", "95 %", "n"):
        table.add_column(column, justify="left" if column == "kind" else "right")
    for kind, right in shares(data, sample, Remembering().encode, Following()).items():
        table.add_row(kind, f"{right.value:.1%}", f"{right.low:.1%}-{right.high:.1%}", str(right.of))
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
