"""Finds a glossary's terms in a text, by any of their names. Knows nothing of questions."""

import re
from collections.abc import Iterator, Mapping

from ingest.glossary import Glossary

_SHORT = 3
"""Letters up to which a name is told from an ordinary word by its capitals alone (Go, CI, AES)."""


class GlossaryTerms:
    """Terms in the order in which a text names them."""

    def __init__(self, glossary: Glossary) -> None:
        """Takes the names; the longest that fits is the one that counts."""
        self._exact: dict[str, str] = {}
        self._folded: dict[str, str] = {}
        for name, term in _names(glossary.names()):
            exact = len(name) <= _SHORT or (name[:1].isupper() and name.casefold() in _ORDINARY)
            (self._exact if exact else self._folded).setdefault(name if exact else name.casefold(), term)
        every = sorted([*self._exact, *self._folded], key=len, reverse=True)
        alternatives = "|".join(re.escape(name) for name in every) or r"(?!)"
        self._pattern = re.compile(rf"(?<![\w.])(?:{alternatives})(?:'?s)?(?![\w+#])", re.IGNORECASE)

    def find(self, text: str) -> tuple[str, ...]:
        """The terms that the text names, each once."""
        found = (self._term(match.group()) for match in self._pattern.finditer(text))
        return tuple(dict.fromkeys(term for term in found if term))

    def _term(self, said: str) -> str | None:
        for form in (said, said.removesuffix("s"), said.removesuffix("'s")):
            term = self._exact.get(form) or self._exact.get(form.upper()) or self._folded.get(form.casefold())
            if term:
                return term if self._is_meant(form) else None
        return None

    def _is_meant(self, form: str) -> bool:
        """A short name in small letters that is an ordinary word is not meant: go, ai."""
        return not (form.islower() and form in _ORDINARY)


def _names(names: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    for term, aliases in names.items():
        for name in (term, *aliases):
            yield name, term
            if len(name) > _SHORT and name.endswith("s"):  # a plural "s" makes no difference
                yield name[:-1], term


_ORDINARY = frozenset(
    "go rest echo gin express node spring rails mocha insomnia postman nest".split()  # noqa: SIM905
)
"""Names that are ordinary words, too."""
