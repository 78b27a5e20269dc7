"""Names of skills as they are compared: one spelling, and one verb for those that say the same of a skill.

People write "employ CAD software" and "utilizing CAD software" for what a guide calls "use CAD software". General
English, drawn from no guide. Knows no terms.
"""

import re
from typing import Final

from retrieval.words import stems

_ALIKE: Final = """
use utilise employ apply adopt handle operate exploit leverage practise
perform conduct undertake execute accomplish
create develop build produce make construct generate draft compose write prepare compile design devise formulate
maintain conserve preserve upkeep keep sustain
manage administer oversee supervise control coordinate direct lead
check inspect examine review audit assess evaluate appraise test verify validate
solve troubleshoot debug repair fix resolve
analyse study research investigate explore
configure install
present show display demonstrate explain
collect gather assemble obtain acquire
provide offer supply deliver give
protect safeguard guard secure ensure guarantee
improve enhance optimise upgrade refine
modify change adapt adjust alter edit revise
choose select pick
identify find detect recognise spot locate discover
plan schedule organise arrange
follow respect obey observe
implement deploy introduce
teach train instruct coach educate
communicate inform report tell convey
record log document register
transfer move migrate transport
integrate combine merge unite join
share circulate distribute spread disseminate
support help assist aid
start launch initiate begin
remove delete erase eliminate
define specify determine describe
interpret read understand
"""
"""A line for verbs that do not tell one skill from another."""
_OF_SEVERAL_WORDS: Final = (
    (r"(?:mak(?:e|ing) use of|work(?:ing)? with|(?:be )?(?:familiar with|proficient in|skilled in)|use of)", "use"),
    (r"carry(?:ing)? out", "perform"), (r"draw(?:ing)? up", "create"), (r"set(?:ting)? up", "configure"),
    (r"(?:comply(?:ing)? with|adher(?:e|ing) to|abid(?:e|ing) by)", "follow"),
    (r"(?:put(?:ting)? in place|roll(?:ing)? out)", "implement"),
)  # fmt: skip
_LEAD: Final = re.compile(r"^(?:(?:be(?:ing)? )?able to|ability to|know(?:ing)? how to|knowledge of)\s+")
_PHRASES: Final = tuple((re.compile(rf"^{said}\b(?=\s)"), verb) for said, verb in _OF_SEVERAL_WORDS)
_AMERICAN: Final = (
    (re.compile(r"(?<=[a-z]{2}[^aeioucv\W])is(?=(?:e|es|ed|er|ers|ing|ation|ations)\b)"), "iz"),
    (re.compile(r"(?<=al)ys(?=(?:e|es|ed|ing)\b)"), "yz"),
    (re.compile(r"(?<=[a-z]{2})our(?=(?:s|ed|ing|al)?\b)"), "or"),
    (re.compile(r"(?<=[aeiou][^aeiou][ae])ll(?=(?:ed|ing|er|ers)\b)"), "l"),
    (re.compile(r"(?<=[a-z]{2})tre(?=s?\b)"), "ter"),
    (re.compile(r"(?<=[a-z]{2})ogue(?=s?\b)"), "og"),
    (re.compile(r"(?<=program)me(?=s?\b)"), ""),
)


def usual(name: str) -> str:
    """The name in small letters and American spelling, with the usual verb for the one that it begins with."""
    said = _american(_LEAD.sub("", name.casefold()))
    for phrase, verb in _PHRASES:
        said = phrase.sub(verb, said)
    first, gap, rest = said.partition(" ")
    return f"{_VERBS.get(_stem(first), first)}{gap}{rest}" if rest else said


def _american(said: str) -> str:
    for british, american in _AMERICAN:
        said = british.sub(american, said)
    return said


def _stem(word: str) -> str:
    return next(iter(stems(word)), word)


_VERBS: Final = {
    _stem(_american(verb)): verbs[0] for line in _ALIKE.split("\n") if (verbs := line.split()) for verb in verbs
}
