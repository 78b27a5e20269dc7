"""The ways to write each term, so that a question's words can be looked up. Knows nothing of questions or files."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from retrieval.words import stems

ATOM: Final = re.compile(r"(?:(?<![’'])|(?![sS]\b))[^\W_]+(?:\+\+|#)?")
"""A word, or one part of a compound such as CI/CD; a genitive's s is none."""
_HAS_SINGULAR = 5
"""Letters from which a name that ends in s may be a plural: virtual hosts, but not AWS."""


@dataclass(frozen=True)
class Name:
    """One way to write a term."""

    term: str
    atoms: tuple[str, ...]
    capitals: bool = False
    """Counts only when written in capitals."""
    ordinary: bool = False
    """Is an ordinary word, too."""
    says_term: bool = False
    """Is the term, or holds it: nothing needs to be added."""
    within_term: bool = False
    """Is a part of the term: the term says it all."""

    @property
    def key(self) -> str:
        """What it is looked up by."""
        return "".join(self.atoms)


def names_by_key(names: Mapping[str, Sequence[str]]) -> dict[str, Name]:
    """Every way to write a term by its key, in the singular, too; terms outweigh aliases."""
    found: dict[str, Name] = {}
    for name in (*_terms(names), *_aliases(names)):
        found.setdefault(name.key, name)
    for key, name in list(found.items()):
        if key.endswith("s") and not key.endswith("ss") and len(key) >= _HAS_SINGULAR:
            found.setdefault(key[:-1], name)
    return found


def _terms(names: Iterable[str]) -> Iterator[Name]:
    for term in names:
        if atoms := _atoms(term):
            yield Name(term, atoms, says_term=True)


def _aliases(names: Mapping[str, Sequence[str]]) -> Iterator[Name]:
    for term, aliases in names.items():
        for alias in aliases:
            if atoms := _atoms(alias):
                yield Name(
                    term,
                    atoms,
                    capitals=alias.isupper() and len(alias) == 2,  # noqa: PLR2004
                    ordinary=len(atoms) == 1 and alias[0].isupper() and alias[1:].islower(),
                    says_term=_says(atoms, term),
                    within_term=_stems(atoms) <= _stems(_atoms(term)),
                )


def _says(atoms: Sequence[str], term: str) -> bool:
    """Whether a name holds its term's words, begins with it or is one side of it: saying the term would win nothing."""
    meant = _atoms(term)
    begins = "".join(atoms).startswith("".join(meant).rstrip("s"))
    return begins or _stems(meant) <= _stems(atoms) or ("/" in term and set(atoms) <= set(meant))


def _atoms(name: str) -> tuple[str, ...]:
    return tuple(ATOM.findall(name.casefold()))


def _stems(atoms: Sequence[str]) -> set[str]:
    return set(stems(" ".join(atoms)))


def in_number(term: str, key: str) -> str | None:
    """The term in singular or plural as its key stands there; None if the key is not the term's."""
    own = "".join(_atoms(term))
    forms = {own: term, own + "s": f"{term}s"} | ({own[:-1]: term[:-1]} if own.endswith("s") else {})
    return forms.get(key)
