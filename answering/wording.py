"""Every sentence that the assistant says in its own words; none of them states anything about a guide's subject."""

from collections.abc import Iterable, Sequence

CLOSEST = "The guide does not answer this directly. The closest it says:"
EMPTY = "Please ask a question in words, for example: What is version control?"
TOO_LONG = "Please shorten the question to {limit:,} characters; it has {length:,}."
UNRESOLVED = "What does this refer to? Please name the subject, for example: Why is version control essential?"
LACKING = "The guide does not say anything about {missing}."
ELSEWHERE = "The guide does not cover this: ask about anything in {titles}, and it will answer in its own words."
NOT_HELD_UP = "The model's wording did not hold up; here is the guide's own."
NO_WORDING = "No wording by the language model: {reason}. Here is the guide's own."
STOPPED = "The wording was stopped; here is the guide's own."
IN_PASSING = "The guide names {term} without saying what it is."
NOTE = "Note, not from the guide ({source}): {term}: {text}"

CLOSENESS = ((0.6, "very close"), (0.45, "close"), (-1.0, "related"))
"""From which cosine on something is called how near in meaning."""
WORDS_NAMED = 4
"""Found words that a reason lists."""
REASON_HEADING = "a heading above it has your words"
"""Why a passage was found: the headings above it."""


def not_covered(missing: str | None, titles: Iterable[str]) -> str:
    """One sentence for a question that the guide does not answer, or for a request that is none."""
    if missing:
        return LACKING.format(missing=missing)
    return ELSEWHERE.format(titles=" or ".join(f"“{title}”" for title in list(titles)[:3]))


def unusable(question: str, plain: str, limit: int) -> str | None:
    """What to say of text that is no question, or None where it may be one.

    Args:
        question: as it was typed.
        plain: the same on one line, without hidden characters.
        limit: characters that a question may have.
    """
    if len(question) > limit:
        return TOO_LONG.format(limit=limit, length=len(question))
    return None if any(letter.isalnum() for letter in plain) else EMPTY


def reason_keyword(found: Sequence[str]) -> str:
    """Why a passage was found: its words."""
    named: dict[str, str] = {}
    for each in found:
        named.setdefault(each.casefold(), each)
    shown = ", ".join(f"“{each}”" for each in list(named.values())[:WORDS_NAMED])
    more = f" and {len(named) - WORDS_NAMED} more" if len(named) > WORDS_NAMED else ""
    return f"has the {'word' if len(named) == 1 else 'words'} {shown}{more}"


def reason_meaning(similarity: float) -> str:
    """Why a passage was found: its meaning; the similarity is a cosine."""
    word = next(word for least, word in CLOSENESS if similarity >= least)
    return f"{word} in meaning ({similarity:.2f})"


def reason_alias(found: str, meant: str) -> str:
    """Why a passage was found: another name."""
    return f"“{found}” is another name for {meant}"


def reason_spelling(found: str, meant: str) -> str:
    """Why a passage was found: a slip set right."""
    return f"“{found}” was read as {meant}"
