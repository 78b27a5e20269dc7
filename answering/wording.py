"""Every sentence that the assistant says in its own words; none of them states anything about a guide's subject."""

from collections.abc import Iterable

CLOSEST = "The guide does not answer this directly. The closest it says:"
EMPTY = "Please ask a question in words, for example: What is version control?"
TOO_LONG = "Please shorten the question to {limit:,} characters; it has {length:,}."
UNRESOLVED = "What does this refer to? Please name the subject, for example: Why is version control essential?"
LACKING = "The guide does not say anything about {missing}."
ELSEWHERE = "The guide does not cover this: ask about anything in {titles}, and it will answer in its own words."


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
