"""Measures how well job ads and CVs are held against a guide, on ads whose terms people marked.

Knows nothing of how terms are found: `held` is what finds them.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from evaluation.metrics import share
from evaluation.report import AdReport, Figure
from evaluation.subject import Progress
from ingest.documents import Frozen
from skills.card import Inventory
from skills.forms import key_of, usual_name
from skills.match import Match

FOLDER: Final = Path(__file__).with_name("ads")
"""`development.jsonl` was looked at while the rules were written; `held_out.jsonl` was not."""

SOURCES: Final = ("held_out.jsonl", "development.jsonl")
KNOWN_FROM: Final = 0.5
"""Share of the labels that name terms of the guide from which the ads were labelled for that guide."""
OTHER_GUIDE: Final = "the labelled job ads were not held against this guide: their terms are those of another one"


class Ad(Frozen):
    """A text with its marks: terms as the guide or the trade calls them, and the words that stand in the text."""

    id: str
    text: str
    covered: dict[str, str]
    negated: dict[str, str]
    """Ruled out: no PHP."""
    foreign: dict[str, str]
    """Asked for, but not in the guide."""
    foreign_negated: dict[str, str]
    optional: tuple[str, ...]
    """Words that may count or not."""


class Rates(Frozen):
    """How many of what was found is right, and how many of what is there was found."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Right ones among those found."""
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        """Those found among those that are there."""
        return self.right / max(self.right + self.missed, 1)

    def __add__(self, other: "Rates") -> "Rates":
        """Counts of both."""
        return Rates(right=self.right + other.right, wrong=self.wrong + other.wrong, missed=self.missed + other.missed)


class AdFigures(Frozen):
    """Counts over a set of ads, each term of an ad once."""

    covered: Rates
    not_in_guide: Rates
    negated: Rates


@runtime_checkable
class Matching(Protocol):
    """An assistant that holds ads against its guides."""

    def match(self, text: str) -> Match:
        """What of the guides a text covers."""
        ...

    def inventory(self) -> Inventory:
        """Every term."""
        ...


def measure_ads(
    subject: object, progress: Progress, folder: Path = FOLDER
) -> tuple[tuple[AdReport, ...], tuple[str, ...]]:
    """Figures over the labelled ads of a folder, or a line that says why there are none.

    Args:
        subject: the assistant; one that holds no ads gives nothing.
        progress: told what is being done.
        folder: holds the files of `SOURCES`.
    """
    if not isinstance(subject, Matching):
        return (), ()
    files = {name: read_ads(folder / name) for name in SOURCES}
    inventory = subject.inventory()
    if not _labelled_for(inventory, [ad for ads in files.values() for ad in ads]):
        return (), (OTHER_GUIDE,)
    reports = []
    for number, (name, ads) in enumerate(files.items()):
        progress("matching job ads", number / len(files))
        reports.append(AdReport(source=name, ads=len(ads), figures=_shares(measure(ads, subject.match, inventory))))
    return tuple(reports), ()


def _labelled_for(inventory: Inventory, ads: Sequence[Ad]) -> bool:
    names = {key_of(name) for term in inventory.terms for name in term.names}
    marked = {key_of(term) for ad in ads for term in ad.covered}
    return bool(marked) and len(marked & names) >= KNOWN_FROM * len(marked)


def _shares(found: AdFigures) -> tuple[Figure, ...]:
    """Precision and recall with the goals that the project has set."""
    rows = (
        ("covered terms", found.covered, 0.95, 0.92),
        ("terms that the guide lacks", found.not_in_guide, 0.85, 0.75),
        ("ruled out", found.negated, None, None),
    )
    return tuple(
        Figure(name=f"{name}: {measure}", share=share(rates.right, rates.right + others), reach=goal)
        for name, rates, precise, complete in rows
        for measure, others, goal in (("precision", rates.wrong, precise), ("recall", rates.missed, complete))
    )


def read_ads(path: Path) -> tuple[Ad, ...]:
    """The ads of a file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(Ad.model_validate_json(line) for line in lines if line.strip())


def measure(ads: Iterable[Ad], held: Callable[[str], Match], inventory: Inventory) -> AdFigures:
    """Precision and recall of covered terms, of terms that the guide lacks, and of what is ruled out."""
    names = {key_of(name): term.term for term in inventory.terms for name in term.names}
    covered = foreign = negated = Rates()
    for ad in ads:
        found = held(ad.text)
        covered += _own(ad.covered, {each.term: each.found for each in found.covered}, ad, names)
        negated += _own(ad.negated, {each.term: each.found for each in found.negated}, ad, names)
        foreign += _foreign(ad, found)
    return AdFigures(covered=covered, not_in_guide=foreign, negated=negated)


def _own(marked: dict[str, str], found: dict[str, str], ad: Ad, names: dict[str, str]) -> Rates:
    """A mark stands for the term that has its name, or that has the name of the words."""
    wanted: set[str] = set()
    allowed: set[str] = set()
    for term, said in marked.items():
        meant = [names[key] for key in (key_of(term), key_of(said)) if key in names]
        wanted.add(next((each for each in meant if each in found), meant[0] if meant else term))
        allowed.update(meant)
    wrong = [each for each in found if each not in wanted | allowed and not _optional(found[each], ad)]
    return Rates(right=len(wanted & found.keys()), wrong=len(wrong), missed=len(wanted - found.keys()))


def _foreign(ad: Ad, found: Match) -> Rates:
    marked = [_called(term, said) for term, said in ad.foreign.items()]
    named = [(each.found, _called(each.term, each.found)) for each in found.foreign]
    missed = sum(not any(mark & names for _, names in named) for mark in marked)
    wrong = sum(not any(mark & names for mark in marked) and not _optional(said, ad) for said, names in named)
    return Rates(right=len(marked) - missed, wrong=wrong, missed=missed)


def _called(*names: str) -> set[str]:
    return {key_of(name) for name in names} | {key_of(usual) for name in names if (usual := usual_name(name))}


def _optional(said: str, ad: Ad) -> bool:
    key = key_of(said)
    return any(key in key_of(each) or key_of(each) in key for each in ad.optional)
