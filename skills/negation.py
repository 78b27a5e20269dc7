"""Which words of a text are ruled out: no PHP, without Java or C#, Angular is not needed. Knows nothing of terms."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from skills.reading import Text

IsTerm = Callable[[int], bool]
"""Whether the word at a place belongs to a term."""

_NO: Final = frozenset(
    """no not without never neither nor cannot except excludes excluding minus kein keine nobody zero lack lacks lacking
    dropped""".split()  # noqa: SIM905
)
_NO_VERB: Final = frozenset(
    """don doesn didn won isn aren wasn wouldn shouldn needn haven hasn couldn can""".split()  # noqa: SIM905
)
"""What stands before "'t"."""
_TWO: Final = {
    ("instead", "of"),
    ("rather", "than"),
    ("other", "than"),
    ("apart", "from"),
    ("free", "of"),
    ("we", "left"),
    ("anything", "but"),
    ("everything", "but"),
    ("stopped", "using"),
    ("moved", "off"),
}
_LEAVING: Final = frozenset({"moved", "moving", "migrated", "migrating", "went"})
_FILLERS: Final = frozenset(
    """a an the any experience experiences experienced knowledge prior previous existing with of in to at on for from
    know knows use uses using used utilise utilize need needs needed have having has be been require requires
    required requiring expect expects looking seeking look seek hiring want wants wanted necessarily worked work
    working touch touched write deal come background skills hands commercial professional specific deep much other
    more further extensive even ask asks ever yet learn learned learnt learnt do did does our your you us any
    single line lines support supporting anyone somebody people somebody's such as like ability familiarity
    familiar expertise strong legacy old pure day t here longer writes write asks""".split()  # noqa: SIM905
)
"""Words that may stand between the word that rules out and what it rules out."""
_NOT_RULED_OUT: Final = frozenset(
    """only just afraid scared scare fear mind hesitate stranger problem matter least limited worry worried shy wait
    doubt forget miss sure strictly necessary shying mandatory foreign later yet""".split()  # noqa: SIM905
)
"""Words after a "no" or "not" that turn it: not only, no stranger to, don't be afraid of."""
_CHAINED: Final = re.compile(r"[ \t\n]*(?:[,/&+|-]|–)?[ \t\n]*\(?\)?[ \t]*")
_STOPS: Final = re.compile(r"[.!?;:()\n…]")
_ENDED: Final = re.compile(r",|[.!?;…)](?=[ \t\n])")
"""Between "not needed" and a term: the two have nothing to do with each other."""
_LINKING: Final = frozenset("and or nor no not with other any even in of plus such as like including".split())  # noqa: SIM905
_WANTED_AFTER_ALL: Final = re.compile(
    r"^\W*(?:but|however|though|yet|although)\b[^.!?;\n]{0,40}\b"
    r"(?:plus|bonus|welcome\w*|advantage\w*|help\w*|nice|desir\w+|beneficial|asset|appreciated|useful|good)\b",
    re.IGNORECASE,
)
_NOT_NEEDED: Final = re.compile(
    r"^[ \t,–(-]*(?:[ \t]*(?:knowledge|experience|skills?|certificates?|certifications?|background|know-?how))?[ \t]*"
    r"(?:(?:is|are|was|were|will\sbe)\s(?:explicitly\s|really\s|strictly\s|currently\s)?(?:not|never|no\slonger)"
    r"|(?:is|are|was|were|wo|do|does)n['’]t|not|no\slonger|need\snot|(?:will|does|do)\snot)\s"
    r"(?:\w+ly\s)?(?:be\s)?(?:a\s)?(?:required?|needed|necessary|expected|wanted|used|requirements?|must|mandatory"
    r"|essential|important|part\b|relevant|our\b|asked|count|in\suse|needed)",
    re.IGNORECASE,
)
_UNNEEDED: Final = re.compile(
    r"^[ \t,–(-]*(?:(?:knowledge|experience|skills?)\s)?(?:(?:is|are)\s)?(?:unnecessary|out\sof\sscope|superfluous)\b",
    re.IGNORECASE,
)
_REFUSED: Final = re.compile(r"(?i)^\?\s*(?:no|nope|nein|nah)\b(?!\s*(?:problem|worries))")
"""What answers a question: PHP? No."""
_CROSSED: Final = re.compile(r"(?m)^[ \t]*[✘✗❌✖🚫].*$")
"""A line that is crossed out."""
_FREE: Final = re.compile(r"^-free\b", re.IGNORECASE)
_HEADING: Final = re.compile(
    r"(?i)\b(?:not|no|don['’]?t|won['’]?t|never|exclud\w+|without)\b"
    r"[^:\n.]{0,40}\b(?:required|needed|need|expected|expect|necessary|want|wanted|use|looking\sfor|do|for)\b[^:\n.]{0,12}:"
    r"|^\W*(?:exclud\w+|not\sfor\sus|no\sgos?)\s*:"
)
_BEHIND: Final = (_NOT_NEEDED, _UNNEEDED, _REFUSED, _FREE)
_MOST_FILLERS = 7
_LONGEST_LIST = 1_000
"""Characters of a list under a heading that rules it out."""


def ruled_out(text: Text, is_term: IsTerm) -> set[int]:
    """The places of all words of terms that the text rules out."""
    out: set[int] = set()
    for at in range(len(text.words)):
        if (start := _start(text, at)) is not None:
            out.update(_forward(text, start, is_term))
    out.update(_behind_headings(text, is_term))
    out.update(_backward(text, is_term))
    return out


def _start(text: Text, at: int) -> int | None:
    """One past a word that rules out what follows."""
    word, after = text.folded(at), text.folded(at + 1)
    if (word, after) in _TWO or (after == "from" and word == "away" and text.folded(at - 1) in _LEAVING):
        return at + 2
    if word == "non" and text.gap(at + 1) == "-":
        return at + 1
    if after == "t" and word in _NO_VERB and text.gap(at + 1) in {"'", "’"}:
        return at + 2
    if word in {"dont", "doesnt", "isnt", "wont", "cant"}:
        return at + 1
    if text.folded(at - 1) == "live" or (word == "no" and after == "problem"):
        return None  # can't live without
    return at + 1 if word in _NO else None


def _forward(text: Text, at: int, is_term: IsTerm) -> Iterator[int]:
    """The terms of the list that begins, after a few words that do not count, at this place."""
    passed = 0
    while at < len(text.words) and not is_term(at):
        follows = text.folded(at)
        if _STOPS.search(text.gap(at)) or "," in text.gap(at) or follows in _NOT_RULED_OUT:
            return
        if follows not in _FILLERS or passed == _MOST_FILLERS:
            return
        at, passed = at + 1, passed + 1
    if passed and at < len(text.words) and _ENDED.search(text.gap(at)):
        return
    found: list[int] = []
    while at < len(text.words):
        if is_term(at):
            if found and not _CHAINED.fullmatch(text.gap(at)):
                break
            found.append(at)
        elif text.folded(at) not in _LINKING or _STOPS.search(text.gap(at)):
            break
        at += 1
    if not found or _WANTED_AFTER_ALL.match(_rest(text, found[-1] + 1)):
        return
    yield from found


def _backward(text: Text, is_term: IsTerm) -> Iterator[int]:
    """The terms before "is not required", with those of the same list."""
    for at in range(len(text.words)):
        if not is_term(at) or is_term(at + 1):
            continue
        rest = _rest(text, at + 1)
        needed = next(filter(None, (each.match(rest) for each in _BEHIND)), None)
        if not needed or _WANTED_AFTER_ALL.match(rest[needed.end() :]):
            continue
        place = at
        while place >= 0 and (is_term(place) or text.folded(place) in {"and", "or", "nor"}):
            if is_term(place):
                yield place
            if not _CHAINED.fullmatch(text.gap(place)) or (_FREE.match(rest) and not is_term(place - 1)):
                break
            place -= 1


def _behind_headings(text: Text, is_term: IsTerm) -> Iterator[int]:
    """The terms behind "Not required:" in the same line, or in the list below where the line ends there."""
    for match in _CROSSED.finditer(text.raw):
        yield from filter(is_term, text.within(match.start(), match.end()))
    for match in _HEADING.finditer(text.raw):
        end = text.raw.find("\n", match.end())
        end = len(text.raw) if end < 0 else end
        if not text.raw[match.end() : end].strip():
            blank = text.raw.find("\n\n", end + 1)
            end = min(len(text.raw) if blank < 0 else blank, end + _LONGEST_LIST)
        yield from filter(is_term, text.within(match.end(), end))


def _rest(text: Text, at: int) -> str:
    start = text.words[at - 1].end
    return text.raw[start : start + 120]
