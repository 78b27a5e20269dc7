"""Whether a sentence claims more than its quote, or the opposite: by single words that say so."""

import re
from collections.abc import Set
from typing import Final

from answering.phrased.denials import cancelled
from answering.phrased.english import GLUE, OPPOSITES, STRONG
from answering.phrased.forms import same_start
from answering.phrased.reading import PREPOSITIONS, Reading
from retrieval.words import STOP_WORDS

_NOT_STRONG: Final = re.compile(
    r"\b(?:above all|on top of|most of all|all of (?:which|them|these|it)|not (?:all|just|only|merely|the only)"
    r"|not (?:\w+ )?alone|alone (?:is|are|does|do) not|(?:you|one|they|who) needs?(?! to)|a certain|(?:a|the) whole"
    r"|the first of|whatever|everything (?:it|they) depends? on|ever more|any other|every bit as|just as"
    r"|as (?:it|they|one) should|each|needs? (?:not|no|neither)|no need"
    r"|not need(?:ed)?|no \w+ (?:is|are) needed)\b|^should\b"
)
"""Words that make a claim stronger, where they do not."""
_INSTRUCTION: Final = re.compile(
    r"(?:Do not|Don['’]t|Never|Always|([A-Z][a-z]+) (?:the|an?|your|it|them|all|any|every|no|with|to|for|in|on|out))\b"
)


def is_instruction(sentence: str) -> bool:
    """Whether a sentence tells its reader what to do, which others say with "should" and "must"."""
    found = _INSTRUCTION.match(sentence)
    first = (found[1] or "").casefold() if found else ""
    return found is not None and first not in STOP_WORDS | PREPOSITIONS | GLUE


def strength_fault(claim: Reading, words: Set[str]) -> str:
    """A word that makes the claim stronger than its quote, or nothing.

    Args:
        claim: the sentence.
        words: of its quotes and of what stands around them, in small letters.
    """
    text = claim.text.casefold()
    phrases = set(" ".join(_NOT_STRONG.findall(text)).split()) - set(_NOT_STRONG.sub(" ", text).split())
    every = (claim.words - phrases) | (frozenset({"must"}) if cancelled(claim) else frozenset())
    for row in STRONG:
        said = (every & row) - words - claim.sums_up
        said = frozenset(word for word in said if not any(same_start(word, other) for other in words))
        if said and not row & words:
            return f"says “{sorted(said)[0]}”, which its quote does not"
    return ""


def opposite_fault(claim: Reading, quoted: Set[str], words: Set[str]) -> str:
    """A word where the quote has its opposite, or nothing.

    Args:
        claim: the sentence.
        quoted: words of its quotes.
        words: these and the words of what stands around them.
    """
    for left, right in OPPOSITES:
        for one, other in ((left, right), (right, left)):
            if claim.words & one and quoted & other and not words & one and not claim.words & other:
                return f"says “{sorted(claim.words & one)[0]}” where its quote says the opposite"
    return ""
