"""What form of answer a question wants, by its wording. Knows nothing of the guide."""

import re
from enum import StrEnum
from typing import Final


class Wanted(StrEnum):
    """The forms of answer that are composed differently."""

    DEFINITION = "definition"
    LIST = "list"
    REASON = "reason"
    COMPARISON = "comparison"
    VERDICT = "verdict"
    FACT = "fact"


_OPENING: Final = r"^\W*(?:(?:so|and|but|ok|then|hi|hello|hey)\b\W*)*"
_PLURALS: Final = (
    "commands concepts databases duties examples frameworks industries kinds languages methods options parts platforms "
    "practices responsibilities skills tasks terms tools topics traits types vulnerabilities"
).replace(" ", "|")
_PATTERNS: Final = (
    (
        Wanted.COMPARISON,
        r"\b(?:vs|versus|diff?\w*r?ence|differ\w*|compar\w+|contrast\w*|distinguish\w*|as opposed to)\b",
    ),
    (Wanted.COMPARISON, r"\bsame (?:thing )?as\b|\beither\b.*\bor\b"),
    (Wanted.REASON, _OPENING + r"(?:why|how come)\b"),
    (Wanted.REASON, r"\b(?:reasons?|benefits?|advantages?|what for|the point of|purpose of|good for)\b"),
    (Wanted.REASON, r"\bwhy (?:is|are|do|does|should|would|did|use|choose)\b"),
    (Wanted.LIST, r"\b(?:list|name|enumerate|give me|tell me)\b.{0,30}\b(?:all|some|two|three|four|five|six)\b"),
    (Wanted.LIST, r"\b(?:which|what|wich)\b(?: \w+){0,2} (?!is\b|does\b|was\b|has\b)\w+s\b"),
    (Wanted.LIST, rf"\b(?:{_PLURALS}|list)\b"),
    (
        Wanted.DEFINITION,
        _OPENING + r"(?:what|wat|waht)(?:'?s| is| are)? (?:an? |the )?[\w./+#-]+(?: [\w./+#-]+){0,3}\W*$",
    ),
    (Wanted.DEFINITION, r"\b(?:define|definition|meaning|means?|stands? for|short for|explain|in plain words)\b"),
    (Wanted.VERDICT, _OPENING + r"(?:is|are|was|were|do|does|did|can|could|should|must|will|would|has|have|am|may)\b"),
)
_COMPILED: Final = tuple((wanted, re.compile(pattern, re.IGNORECASE)) for wanted, pattern in _PATTERNS)


def wanted(question: str) -> Wanted:
    """The form of answer that a question asks for; a plain fact where its wording says nothing more."""
    return next((form for form, pattern in _COMPILED if pattern.search(question)), Wanted.FACT)
