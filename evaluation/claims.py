"""Measures the checker of a model's sentences: `python -m evaluation.claims`. No language model takes part.

Faithful sentences, written by hand, have to pass; sentences with one thing changed, by hand and by rule, have to be
caught. Each is held against the quotes that it cites among others that are near. The sentences of two authors were
for developing the checker: every miss was looked at, so their figures flatter. Those that count are held out in whole:
the sentences of six more authors, who had not read the checker, and what the rules make of them; nobody who changes
the checker reads them or what it does to them.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Annotated, Final

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from answering.phrased.claims import Claims
from answering.phrased.entailment import Entailment
from answering.phrased.following import Following
from answering.phrased.grounds import Ground, contexts_of
from answering.phrased.reading import Names
from answering.phrased.sentences import Sentence
from evaluation.claim_changes import CHANGES, changed
from evaluation.metrics import Share, share
from ingest.glossary import read_glossary
from ingest.reader import read_corpus
from retrieval.embedder import SentenceTransformerEmbedder, Vectors
from retrieval.words import in_small_letters

HERE: Final = Path(__file__).parent
SENTENCES: Final = HERE / "phrasing"
CONTENT: Final = HERE.parent / "content"
GUIDES: Final = HERE.parent / "training" / "guides"
EACH_KIND: Final = 200
NEAR: Final = 3
"""Other quotes that stand beside the ones that are cited, the nearest of the guide."""
FAITHFUL: Final = "faithful"
DEVELOPING: Final = ("", "_second")
"""What the files of an author end with."""
HELD_OUT: Final = ("_third", "_fourth", "_fifth", "_sixth", "_seventh", "_eighth")
SEED: Final = 6


@dataclass(frozen=True)
class Case:
    """A sentence, what it cites, and whether it ought to pass."""

    kind: str
    text: str
    quotes: tuple[str, ...]
    cites: tuple[str, ...]
    """Quotes that it cites: its own, or another one where the citation is what is wrong."""
    by: str
    held_out: bool = False
    """Whether it is kept from those who develop the checker."""


class Remembering:
    """An embedding model that embeds each text once."""

    def __init__(self, other: "Remembering | None" = None) -> None:
        """Loads nothing yet; takes the model of another one, but nothing that it remembers."""
        self._model: SentenceTransformerEmbedder = other._model if other else SentenceTransformerEmbedder("", "float32")
        self._known: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (number of texts, dimensions)."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._model.encode(new), strict=True))
        return np.stack([self._known[text] for text in texts])


class Guide:
    """The quotes of guides, and the nearest ones to each."""

    def __init__(self, content: Path, encode: Remembering) -> None:
        """Reads and encodes all."""
        documents = read_corpus(content).documents
        self.contexts = contexts_of(documents)
        self.quotes = list(self.contexts)
        self.plain = in_small_letters(document.text for document in documents)
        self.vectors: Vectors = encode.encode(self.quotes)

    def near(self, quotes: Sequence[str], count: int = NEAR) -> list[str]:
        """The quotes nearest to these, which are not among them."""
        known = [self.quotes.index(each) for each in quotes if each in self.contexts]
        score = (self.vectors @ self.vectors[known].T).max(axis=1) if known else np.zeros(len(self.quotes))
        return [self.quotes[at] for at in np.argsort(-score) if self.quotes[at] not in quotes][:count]


def cases(guide: Guide, others: Guide) -> Iterator[Case]:
    """All sentences: those for developing, then those that are held out."""
    yield from _by_hand_and_rule(DEVELOPING, guide, others)
    for case in _by_hand_and_rule(HELD_OUT, guide, others):
        yield replace(case, held_out=True)


def _by_hand_and_rule(authors: Sequence[str], guide: Guide, others: Guide) -> Iterator[Case]:
    """The sentences of some authors, right and wrong, and `EACH_KIND` wrong ones of each kind made of them by rule.

    Where the true ones and their quotes give too few, guides of other subjects give the rest.
    """
    faithful = [
        (tuple(each["quotes"]), str(each["says"])) for author in authors for each in _lines(f"faithful{author}")
    ]
    for quotes, says in faithful:
        yield Case(FAITHFUL, says, quotes, quotes, "hand")
    for each in (each for author in authors for each in _lines(f"wrong{author}")):
        quotes = tuple(each["quotes"])
        yield Case(str(each["kind"]), str(each["says"]), quotes, tuple(each.get("cites", quotes)), "hand")
    if not faithful:
        return
    own = {"\n".join(quotes): quotes for quotes, _ in faithful}
    texts = [("\n".join(quotes), says) for quotes, says in faithful] + [(key, key) for key in own if "\n" not in key]
    foreign = [(quote, quote) for quote in others.quotes if 6 <= len(quote.split()) <= 40]  # noqa: PLR2004
    for kind in CHANGES:
        made = list(changed(kind, texts, guide.quotes, EACH_KIND, SEED))
        made += changed(kind, foreign, others.quotes, EACH_KIND - len(made), SEED) if len(made) < EACH_KIND else []
        for key, says in made:
            quotes = own.get(key, (key,))
            yield Case(kind, says, quotes, quotes, "rule")
    chance = Random(SEED)
    for quotes, says in chance.sample(faithful, min(EACH_KIND, len(faithful))):
        yield Case("citation", says, quotes, (chance.choice(guide.near(quotes)),), "rule")


def check(
    case: Case, guide: Guide, names: Names, encode: Remembering,
    entails: Entailment | None = None, follows: Following | None = None,
) -> str:  # fmt: skip
    """What the checker has against a sentence, or nothing."""
    shown = list(dict.fromkeys([*case.quotes, *case.cites, *guide.near(case.quotes)]))
    grounds = [
        Ground(number=number, quote=quote, context=guide.contexts.get(quote, ""))
        for number, quote in enumerate(shown, 1)
    ]
    cites = tuple(shown.index(each) + 1 for each in case.cites)
    return Claims(grounds, names, encode.encode, entails, follows).check(Sentence(case.text, cites)).fault


def _lines(name: str) -> Iterator[dict[str, list[str]]]:
    path = SENTENCES / f"{name}.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        yield json.loads(line)


def _told(figure: Share) -> tuple[str, str, str]:
    if not figure.of:
        return "", "", "0"
    return f"{figure.value:.1%}", f"{figure.low:.1%}-{figure.high:.1%}", str(figure.of)


def main(
    show: Annotated[bool, typer.Option(help="Print what went wrong on the sentences for developing.")] = False,
    out: Annotated[Path | None, typer.Option(help="Where the figures go, as JSON.")] = None,
    entailment: Annotated[Path | None, typer.Option(help="Folder of an entailment model in ONNX.")] = None,
    rules_alone: Annotated[bool, typer.Option("--rules-alone", help="Without the model that reads both.")] = False,
) -> None:
    """Measure what the checker lets through and what it catches."""
    encode = Remembering()
    entails = Entailment(entailment) if entailment else None
    follows = None if rules_alone else Following()
    guide, others = Guide(CONTENT, encode), Guide(GUIDES, encode)
    names = {guide: Names(read_glossary(CONTENT).names(), guide.plain), others: Names({}, others.plain)}
    found: defaultdict[tuple[str, str, bool], list[bool]] = defaultdict(list)
    for case in cases(guide, others):
        of = guide if case.quotes[0] in guide.contexts else others
        fault = check(case, of, names[of], encode, entails, follows)
        right = bool(fault) != case.kind.startswith(FAITHFUL)
        found[case.kind, case.by, case.held_out].append(right)
        if show and not right and not case.held_out:
            sys.stdout.write(f"{case.kind}\t{case.by}\t{case.text}\t| {' / '.join(case.cites)}\t| {fault}\n")
    table = Table(title="Sentences judged rightly: passed if faithful, caught if not")
    for column in ("kind", "by", "held out", "95 %", "n", "developing", "95 % ", "n "):
        table.add_column(column, justify="left" if column in {"kind", "by"} else "right")
    figures = {}
    for kind, by in dict.fromkeys((kind, by) for kind, by, _ in found):
        mine, theirs = (share(sum(each), len(each)) for each in (found[kind, by, True], found[kind, by, False]))
        figures[f"{kind}, {by}"] = {"held_out": mine.model_dump(), "developing": theirs.model_dump()}
        table.add_row(kind, by, *_told(mine), *_told(theirs))
    Console().print(table)
    if out:
        out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
