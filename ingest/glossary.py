"""Reads `glossary.yaml`: what people call the things a guide names, and notes on them. Knows nothing of the guides."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from ingest.documents import Frozen
from ingest.errors import GuideError

FILE: Final = "glossary.yaml"
_KEYS: Final = ("term", "aliases", "kind", "note")
_NOT_LETTERS = re.compile(r"[^\w+#]|_")
_STRING: Final = "tag:yaml.org,2002:str"
_NUMBERS: Final = frozenset({"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"})


class Entry(Frozen):
    """One term as the guide writes it, with its other names."""

    term: str
    aliases: tuple[str, ...] = ()
    kind: str = "concept"
    note: str | None = None
    """Plain words for readers who are no engineers; never counts as the guide's own."""
    line: int = 0
    """Where it stands in the file, from 1."""


class Glossary(Frozen):
    """All entries of a content folder's glossary, in the file's order."""

    entries: tuple[Entry, ...] = ()

    def names(self) -> dict[str, tuple[str, ...]]:
        """Each term with its aliases."""
        return {entry.term: entry.aliases for entry in self.entries}


def fold(name: str) -> str:
    """The form by which names are compared: case, spaces, hyphens and dots make no difference; C, C++ and C# do."""
    return _NOT_LETTERS.sub("", name.casefold())


def read_glossary(content: Path) -> Glossary:
    """The glossary of a content folder; an empty one where there is no file.

    Raises:
        GuideError: the file cannot be read or something in it is wrong; says the line.
    """
    path = content / FILE
    if not path.exists():
        return Glossary()
    try:
        return _parsed(path, path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise GuideError(f"{path} cannot be read: {error.strerror}; check the file's rights") from error
    except UnicodeDecodeError as error:
        raise GuideError(f"{path} is not UTF-8 text: save it as UTF-8") from error


@lru_cache(maxsize=4)
def _parsed(path: Path, text: str) -> Glossary:
    """A glossary is read several times for one build or page, and only seldom has it changed."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        raise _bad_yaml(path, error) from error
    return _Reader(path).glossary(root)


def _bad_yaml(path: Path, error: Exception) -> GuideError:
    mark = getattr(error, "problem_mark", None)
    where = f"{path}, line {mark.line + 1}" if mark is not None else str(path)
    problem = getattr(error, "problem", None) or str(error).partition("\n")[0] or "nested too deeply"
    return GuideError(f"{where}: not valid YAML: {problem}")


class _Reader:
    """Turns the tree of one file into entries and complains with the line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._taken: dict[str, tuple[str, int]] = {}

    def glossary(self, root: yaml.Node | None) -> Glossary:
        if root is None:
            return Glossary()
        if not isinstance(root, yaml.SequenceNode):
            raise self._error(root, "the glossary is a list of entries, each beginning with '- term:'")
        return Glossary(entries=tuple(self._entry(node) for node in root.value))

    def _entry(self, node: yaml.Node) -> Entry:
        fields = dict(self._fields(node))
        if "term" not in fields:
            raise self._error(node, "an entry needs a term")
        term = self._text(fields["term"], "term")
        self._take(term, term, fields["term"])
        aliases = tuple(self._aliases(fields["aliases"], term)) if "aliases" in fields else ()
        kind = self._text(fields["kind"], "kind") if "kind" in fields else "concept"
        note = self._text(fields["note"], "note") if "note" in fields else None
        return Entry(term=term, aliases=aliases, kind=kind, note=note, line=node.start_mark.line + 1)

    def _fields(self, node: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
        if not isinstance(node, yaml.MappingNode):
            raise self._error(node, "an entry is made of 'key: value' lines, the first of them 'term: …'")
        seen = set()
        for key, value in node.value:
            name = self._text(key, "key")
            if name not in _KEYS:
                raise self._error(key, f"unknown key {name!r}; an entry has {', '.join(_KEYS)}")
            if name in seen:
                raise self._error(key, f"{name!r} stands twice in one entry")
            seen.add(name)
            yield name, value

    def _aliases(self, node: yaml.Node, term: str) -> Iterator[str]:
        if not isinstance(node, yaml.SequenceNode):
            raise self._error(node, "aliases is a list: aliases: [one, another]")
        for item in node.value:
            alias = self._text(item, "alias")
            self._take(alias, term, item)
            yield alias

    def _take(self, name: str, term: str, node: yaml.Node) -> None:
        key = fold(name)
        if not key:
            raise self._error(node, f"{name!r} holds no letter")
        owner, line = self._taken.setdefault(key, (term, node.start_mark.line + 1))
        if owner.casefold() != term.casefold():
            raise self._error(node, f"{name!r} already belongs to {owner!r} in line {line}")
        if name == term and line != node.start_mark.line + 1:
            raise self._error(node, f"{term!r} stands twice, first in line {line}")

    def _text(self, node: yaml.Node, what: str) -> str:
        """A node's text; a plain number counts as what is written, so that an alias may be 404."""
        if not isinstance(node, yaml.ScalarNode) or node.tag not in {_STRING, *_NUMBERS}:
            hint = " (put it in quotes)" if isinstance(node, yaml.ScalarNode) and node.value else ""
            raise self._error(node, f"the {what} must be text{hint}")
        text = " ".join(str(node.value).split())
        if not text:
            raise self._error(node, f"the {what} is empty")
        return text

    def _error(self, node: yaml.Node, problem: str) -> GuideError:
        return GuideError(f"{self._path}, line {node.start_mark.line + 1}: {problem}")
