"""Numbers and bullets of Word's lists, which Word works out when it shows a file. Knows no outlines."""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from lxml.etree import _Element as Element

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ROMAN: Final = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_LETTERS: Final = 26
_LIST_STYLE = re.compile(r"list (?P<kind>bullet|number|paragraph)?\s?(?P<depth>\d)?", re.IGNORECASE)


@dataclass(frozen=True)
class Mark:
    """What stands before an item: its number, or nothing for a bullet."""

    list: str
    depth: int
    text: str


@dataclass(frozen=True)
class _Level:
    form: str
    pattern: str
    start: int


class Numbering:
    """Counts the items of all lists of a document; ask once for each paragraph, in order."""

    def __init__(self, document: "WordDocument") -> None:
        """Reads the list definitions."""
        self._lists: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._abstract: dict[str, str] = {}
        related = [each for each in document.part.rels.values() if each.reltype.endswith("/numbering")]
        if related and not related[0].is_external:
            self._read(related[0].target_part.element)

    def _read(self, root: "Element") -> None:
        kinds = {
            each.get(f"{W}abstractNumId"): {int(level.get(f"{W}ilvl")): _level(level) for level in each.iter(f"{W}lvl")}
            for each in root.iter(f"{W}abstractNum")
        }
        for each in root.iter(f"{W}num"):
            number, kind = each.get(f"{W}numId"), value(each.find(f"{W}abstractNumId")) or ""
            levels = dict(kinds.get(kind, {}))
            self._abstract[number] = kind
            for change in each.iter(f"{W}lvlOverride"):
                depth, start = int(change.get(f"{W}ilvl")), value(change.find(f"{W}startOverride"))
                if start and start.isdigit() and depth in levels:
                    levels[depth] = _Level(levels[depth].form, levels[depth].pattern, int(start))
                    self._abstract[number] = f"{kind}/{number}"
            self._lists[number] = levels

    def mark(self, paragraph: "Element", styles: "dict[str, Element]") -> Mark | None:
        """The mark of a list item, None for a paragraph that is none."""
        style: Element = styles.get(value(paragraph.find(f"{W}pPr/{W}pStyle")) or "")
        found, depth = _numbered(paragraph)
        name = (style.name or "") if style is not None else ""
        base = style
        for _ in range(10):
            if found is not None or base is None:
                break
            found, inherited = _numbered(base.element)
            depth = inherited if found is not None and depth is None else depth
            base = base.base_style if hasattr(base, "base_style") else None
        if found == "0":
            return None
        if found is None or found not in self._lists:
            named = _LIST_STYLE.fullmatch(name)
            if not named or not named["kind"] or named["kind"].lower() == "paragraph":
                return None
            return Mark(name, int(named["depth"] or 1) - 1, "")
        depth = depth or 0
        nested = _LIST_STYLE.fullmatch(name)
        shown = max(depth, int(nested["depth"] or 1) - 1 if nested else 0)
        return Mark(self._abstract[found], shown, self._count(found, depth))

    def _count(self, number: str, depth: int) -> str:
        level = self._lists[number].get(depth)
        if level is None:
            return ""
        counts = self._counts[self._abstract[number]]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [each for each in counts if each > depth]:
            del counts[deeper]
        if level.form in {"bullet", "none"}:
            return ""

        def shown(match: re.Match[str]) -> str:
            at = int(match.group(1)) - 1
            form = self._lists[number].get(at, level)
            return _written(counts.get(at, form.start), form.form)

        return re.sub(r"%(\d)", shown, level.pattern).strip()


def _level(element: "Element") -> _Level:
    start = value(element.find(f"{W}start")) or "1"
    form = value(element.find(f"{W}numFmt")) or "decimal"
    return _Level(form, value(element.find(f"{W}lvlText")) or "", int(start) if start.isdigit() else 1)


def _numbered(element: "Element") -> tuple[str | None, int | None]:
    """Number of the list and depth that an element's properties name."""
    found = element.find(f"{W}pPr/{W}numPr")
    if found is None:
        return None, None
    depth = value(found.find(f"{W}ilvl"))
    return value(found.find(f"{W}numId")), int(depth) if depth and depth.isdigit() else None


def value(element: "Element") -> str | None:
    """What an element of Word's says, where it is there."""
    return None if element is None else element.get(f"{W}val")


def _written(number: int, form: str) -> str:
    if form in {"lowerLetter", "upperLetter"} and number > 0:
        letter = chr(ord("a") + (number - 1) % _LETTERS) * ((number - 1) // _LETTERS + 1)
        return letter if form == "lowerLetter" else letter.upper()
    if form in {"lowerRoman", "upperRoman"} and number > 0:
        words, rest = "", number
        for value, letters in _ROMAN:
            words, rest = words + letters * (rest // value), rest % value
        return words if form == "lowerRoman" else words.upper()
    return str(number)
