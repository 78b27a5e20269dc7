"""Which pieces of a plain text are headings and how deep, which is the title, which are a site's menu in front.

Judges pieces by their words, their number and their neighbours. Knows nothing of lines and builds nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Final

from ingest.parsers.text_layout import Page, Piece, Shape

CHAPTER: Final = 2
"""Level of a chapter: level 1 is the document's title."""
HEADING_CHARACTERS: Final = 90
TITLED_WORDS: Final = 14
"""Most words of a heading with Capitals on Its Words."""
PLAIN_WORDS: Final = 10
"""Most words of a heading written like a sentence; a longer one without full stop is a paragraph cut short."""
NUMBERED_WORDS: Final = 40
"""Most words of a heading numbered like 1.2, whose number says what it is."""
ABBREVIATION: Final = 5
"""Most letters of a single word in capitals that may be no more than its name: PHP, JSON."""
PROSE_WORDS: Final = 8
"""Fewest words of a sentence; menus hold shorter lines."""
BARE_CHAIN: Final = 2
"""Bare lines in a row that may all be headings: a chapter and its first part. More are lines of another kind."""
FLAT_ROWS: Final = 3
"""A table that lost its columns has a header and at least two rows; two lines may be anything."""
MENU_PIECES: Final = 400
"""Pieces among which the first paragraph stands if a menu is before it; the largest menus have some 200 entries."""
MENU_LINKS: Final = 3
"""Words like Home and Contact that no text without a menu has in front of its title."""
MENU_ENTRIES: Final = 5
"""Fewest entries of a menu; three or four short lines may be a title, its author and a date."""
MENU_LISTS: Final = 3
"""Lists in front of the first sentence that are a menu if one of their words says so."""
MENU_WORDS: Final = 6
TAG_WORDS: Final = 4
TITLE_WORDS: Final = 4
"""Words of a line that is rather a title than a menu's entry."""

_ENDS = re.compile(r"[.!?…][\"'”’)\]]*$")
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE = re.compile(rf"^(?:\d{{1,2}}\.? )?(?:{_MONTHS})[a-z]*\.? (?:\d{{1,2}},? )?\d{{4}}$", re.IGNORECASE)
_NO_HEADING = re.compile(r"©|https?:|www\.|\S@\S|[.!?] [A-Z]|^[Bb]y [A-Z]")
_WORDED = re.compile(
    r"^(?:chapter|part|section|appendix|annex|unit|lesson|module|step)\s+"
    r"(?:\d{1,3}|[ivxlc]{1,6}|[a-z])(?:[.:)]\s+|\s+|$)",
    re.IGNORECASE,
)
_SMALL_WORDS = re.compile(
    r"^(?:an?|and|as|at|but|by|for|from|in|into|is|of|on|or|the|to|vs|with|via|your?)$", re.IGNORECASE
)
_CLOSING = re.compile(
    r"^(?:conclusions?|summary|references|bibliography|acknowledge?ments?|glossary|index|final thoughts|notes|"
    r"further reading|faqs?|frequently asked questions|about the authors?|appendi(?:x|ces)|licen[cs]e)$",
    re.IGNORECASE,
)
_OPENING = re.compile(r"^(?:introduction|abstract|overview|preface|foreword|(?:table of )?contents)$", re.IGNORECASE)
_BETWEEN_ENTRIES = re.compile(r"\s{2,}|\t| [|·•»>/] ")
_MENU_WORD = re.compile(
    r"^(?:[←→«»☰✕▾▼].*|.*[→»▾▼]|(?:back|skip|return) to .*|home(?: ?page)?|(?:main )?menu|about(?: us)?|"
    r"contact(?: us)?|(?:our )?(?:blogs?|services|work|team|products)|news|log ?in|log ?out|sign in|sign up|register|"
    r"search|subscribe|careers|jobs|pricing|portfolio|projects|shop|cart|(?:my )?account|faqs?|help|support|"
    r"get (?:started|a quote)|(?:book|request) a demo|share|tweet|follow us|newsletter|toggle navigation|close|"
    r"(?:read )?more|privacy policy|cookies?(?: policy)?|terms(?: of (?:use|service))?)$",
    re.IGNORECASE,
)
_END: Final = Piece(Shape.CODE, "", 0)
"""Stands behind the last piece."""


@dataclass(frozen=True)
class Front:
    """A text without the menu in front of it, and which of its pieces is the title."""

    pieces: tuple[Piece, ...]
    title: int | None
    flags: tuple[str, ...] = ()


def is_title_case(text: str) -> bool:
    """Whether nearly every word that can begins with a capital: Skills You Need to Become a Developer."""
    words = [word for word in re.findall(r"[^\W\d_][\w'’.+#-]*", text) if not _SMALL_WORDS.match(word)]
    return bool(words) and sum(not word[0].islower() for word in words) >= 0.75 * len(words)


def is_prose(text: str) -> bool:
    """Whether the text is at least one sentence, not a question that is a title."""
    question = text[-1:] in {"?", "!"} and len(text) <= HEADING_CHARACTERS and is_title_case(text)
    return bool(_ENDS.search(text)) and len(text.split()) >= PROSE_WORDS and not question


def is_heading_like(text: str) -> bool:
    """Whether a line reads like a heading: short, begins with a capital, no full stop, colon or address."""
    letters = sum(char.isalpha() for char in text)
    if len(text) > HEADING_CHARACTERS or 2 * letters < len(text.replace(" ", "")) or text[-1:] in {".", ",", ";", ":"}:
        return False
    if text.lstrip("\"'“‘(¿¡")[:1].islower() or _NO_HEADING.search(text) or _DATE.match(text):
        return False
    titled = is_title_case(text)
    return len(text.split()) <= (TITLED_WORDS if titled else PLAIN_WORDS) and (titled or text[-1:] != "!")


def is_flat_table(lines: Sequence[str]) -> bool:
    """Whether lines are rows whose columns were lost: a header in Title Case over longer lines, none a sentence."""
    header, rows = lines[0], lines[1:]
    if len(lines) < FLAT_ROWS or any(line[-1] in ".,;:!?" or line[0].islower() for line in lines):
        return False
    if " " not in header or any(map(str.isdigit, header)) or not is_title_case(header):
        return False
    told = sum(any(word[0].islower() for word in row.split()) for row in rows)
    return 2 * told >= len(rows) and sum(len(row.split()) for row in rows) > len(rows) * len(header.split())


def heading_levels(pieces: Sequence[Piece], page: Page, title: int | None) -> list[int | None]:
    """The level of every piece that is a heading, 0 for the title, None for the others."""
    if title is not None:
        return [None] * title + [0] + heading_levels(pieces[title + 1 :], page, None)
    depths = _without_lists(pieces, [_depth(pieces, index, page) for index in range(len(pieces))], page)
    styles = sorted(dict.fromkeys(piece.underline for piece in pieces if piece.underline), key=lambda mark: mark != "=")
    levels: list[int | None] = []
    chapter = CHAPTER - 1
    for piece, depth, bare in zip(pieces, depths, _bare(pieces, depths, page), strict=True):
        level: int | None = None
        if depth:
            level = chapter = CHAPTER - 1 + depth
        elif piece.shape is Shape.UNDERLINED:
            level = chapter = CHAPTER + styles.index(piece.underline)
        elif bare and piece.text.isupper() and (" " in piece.text or len(piece.text) > ABBREVIATION):
            level = chapter = CHAPTER
        elif bare:
            level = CHAPTER if _CLOSING.match(piece.text) else chapter + 1
        levels.append(level)
    return levels


def _depth(pieces: Sequence[Piece], index: int, page: Page) -> int:
    """How deep a heading is by its number, 0 for a piece that no number makes a heading."""
    piece, before = pieces[index], pieces[max(index - 1, 0)]
    if piece.shape is Shape.PLAIN and piece.alone and _WORDED.match(piece.text):
        return int(is_heading_like(_WORDED.sub("", piece.text) or piece.text))
    if not piece.number or not (
        piece.first or is_prose(before.text) or (before.shape is Shape.ITEM and not before.number)
    ):
        return 0
    if piece.shape is Shape.UNDERLINED:
        return len(piece.number)
    if len(piece.number) > 1 and piece.alone:
        right = piece.words[-1] not in ".,;:" and len(piece.words.split()) <= NUMBERED_WORDS
    else:
        right = piece.lines == 1 and piece.indent <= page.margin and is_heading_like(piece.words)
    return len(piece.number) if right else 0


def _without_lists(pieces: Sequence[Piece], depths: Sequence[int], page: Page) -> list[int]:
    """Depths less those of list items: numbered lines that follow each other, or have nothing of their own below."""
    found = [0] * len(depths)
    end = 0
    while end < len(depths):
        start, end = end, end + 1
        while depths[start] and end < len(depths) and depths[end] and pieces[end].number != pieces[start].number:
            end += 1
        rising = all(upper < lower for upper, lower in pairwise(depths[start:end]))
        if rising and _has_content(pieces, end - 1, page):
            found[start:end] = depths[start:end]
    return found


def _has_content(pieces: Sequence[Piece], index: int, page: Page) -> bool:
    """Whether what follows a numbered line belongs under it as a heading, not to it as a list item."""
    piece = pieces[index]
    if piece.shape is not Shape.ITEM or (len(piece.number) > 1 and piece.alone):
        return True
    after = pieces[index + 1] if index + 1 < len(pieces) else None
    if after is None or after.indent > max(page.body, piece.indent):
        return False
    return after.first or (after.shape is Shape.PLAIN and (_carries(piece, after) or is_heading_like(after.text)))


def _bare(pieces: Sequence[Piece], depths: Sequence[int], page: Page) -> list[bool]:
    """Which lines are headings by nothing but their words and what follows them."""
    found = [False] * len(pieces)
    chain = 0
    for index in range(len(pieces) - 2, -1, -1):
        piece, after = pieces[index], pieces[index + 1]
        if depths[index] or not _is_bare(pieces, index, page):
            chain = 0
        elif chain or depths[index + 1] or after.underline or _carries(piece, after):
            chain += 1
            found[index] = chain <= BARE_CHAIN
    return found


def _is_bare(pieces: Sequence[Piece], index: int, page: Page) -> bool:
    piece, after = pieces[index], pieces[index + 1]
    if piece.shape is not Shape.PLAIN or piece.lines > 1 or piece.indent > page.margin:
        return False
    if not piece.alone and (after.first or not _carries(piece, after)):
        return False
    opens = piece.first or not index or pieces[index - 1].shape is Shape.ITEM or is_prose(pieces[index - 1].text)
    return opens and is_heading_like(piece.text)


def _carries(piece: Piece, after: Piece) -> bool:
    """Whether a line can be the heading of what follows it."""
    if after.shape is Shape.PLAIN:
        return after.lines > 1 or after.text[-1] in ".:" or is_prose(after.text)
    return after.shape is not Shape.ITEM or is_title_case(piece.text)


def front_of(pieces: Sequence[Piece]) -> Front:
    """Takes a site's menu off a text's beginning, if it certainly is one, not a table of contents; finds the title."""
    plain = (index for index, piece in enumerate(pieces[:MENU_PIECES]) if piece.shape is Shape.PLAIN)
    end = next((index for index in plain if is_prose(pieces[index].text)), 0)
    start, titled = _after_menu(pieces[:end])
    menu, kept = pieces[:start], pieces[start:]
    known = {piece.text for piece in kept}
    if not _is_menu(menu) or 2 * sum(piece.text in known for piece in menu) >= len(menu):
        return Front(tuple(pieces), _first_line(pieces))
    tags = list(takewhile(_is_tag, kept[1 : end - start])) if titled else []
    where = "and after the title" if tags else "the title" if titled else "the text"
    flag = f"left out {sum(piece.lines for piece in [*menu, *tags])} lines of a menu before {where}"
    return Front((*kept[:1], *kept[1 + len(tags) :]), 0 if titled else _first_line(kept), (flag,))


def _after_menu(zone: Sequence[Piece]) -> tuple[int, bool]:
    """Where, before the first paragraph, a menu ends if there is one, and whether the title stands there.

    The title stands alone and hardly any menu follows: it is a long line, or the first after the last entry.
    """
    pairs = list(pairwise([*zone, _END]))
    lines = [index for index, (piece, after) in enumerate(pairs) if _is_title(piece) and after.shape is not Shape.ITEM]
    words = [index for index, piece in enumerate(zone) if any(map(_is_menu_word, _entries(piece)))]
    last = max([*words, *(index for index, piece in enumerate(zone) if piece.shape is Shape.ITEM)], default=-1)
    for index in lines:
        few = sum(word > index for word in words) <= TAG_WORDS and _lists(zone[index:]) <= 1
        if index > last or (few and len(zone[index].text.split()) >= TITLE_WORDS):
            return index, True
    return last + 1, False


def _is_title(piece: Piece) -> bool:
    plain = piece.shape is Shape.PLAIN and piece.lines == 1 and not _WORDED.match(piece.text)
    named = any(map(_is_menu_word, _entries(piece))) or _OPENING.match(piece.text)
    stands = piece.alone or len(piece.text.split()) >= TITLE_WORDS
    return plain and stands and is_heading_like(piece.text) and not named


def _is_menu(pieces: Sequence[Piece]) -> bool:
    """Whether nothing but short entries stands here, and enough of them lead somewhere."""
    entries = [entry for piece in pieces for entry in _entries(piece)]
    if any(piece.number or piece.shape is Shape.CODE or _OPENING.match(piece.text) for piece in pieces):
        return False
    words, lists = sum(map(_is_menu_word, entries)), _lists(pieces)
    if not all(map(_is_entry, entries)):
        return False
    if words >= MENU_LINKS or (len(entries) >= MENU_ENTRIES and words + (lists >= MENU_LISTS) > 1 and words):
        return True
    return len(entries) >= 4 * MENU_ENTRIES and lists > MENU_LISTS and all(map(is_title_case, entries))


def _entries(piece: Piece) -> list[str]:
    return [entry.strip() for entry in _BETWEEN_ENTRIES.split(piece.text) if entry.strip()]


def _is_entry(text: str) -> bool:
    return len(text.split()) <= MENU_WORDS and text[-1] not in ".,;:?!" and not any(map(str.isdigit, text))


def _is_menu_word(text: str) -> bool:
    return bool(_MENU_WORD.match(text))


def _lists(pieces: Sequence[Piece]) -> int:
    """How many lists there are, each under a line of its own."""
    return sum(before.shape is not Shape.ITEM and after.shape is Shape.ITEM for before, after in pairwise(pieces))


def _is_tag(piece: Piece) -> bool:
    """Whether a piece is one of several short lines between title and text: a slogan, the site's name, a category."""
    short = len(piece.text.split()) <= TAG_WORDS and _is_entry(piece.text) and not _NO_HEADING.search(piece.text)
    return piece.shape is Shape.PLAIN and not piece.alone and short


def _first_line(pieces: Sequence[Piece]) -> int | None:
    """The title of a text without a menu: its first line, if that reads like one."""
    first, second = [*pieces[:2], _END, _END][:2]
    if first.shape is Shape.UNDERLINED:
        alike = sum(piece.underline == first.underline for piece in pieces)
        return 0 if alike == 1 and not first.number else None
    if first.shape is not Shape.PLAIN or first.lines > 1 or _WORDED.match(first.text) or _OPENING.match(first.text):
        return None
    stands = first.alone or " " in first.text or is_prose(second.text)
    return 0 if stands and is_heading_like(first.text) else None
