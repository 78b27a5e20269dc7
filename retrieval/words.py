"""Text to the words that keyword search compares: split, folded, stop words dropped, stemmed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import Stemmer

from ingest.language import FUNCTION_WORDS

_WORD = re.compile(r"[^\W_]+(?:(?:[.'’/&-]|\.)[^\W_]+)*(?:\+\+|#)?")
_PART = re.compile(r"[^\W_]+(?:\+\+|#)?")
MOST_REMEMBERED = 20_000
"""Words whose stems are kept: some megabytes, and nearly all that a large guide says."""
_LANGUAGES = {
    "en": "english", "de": "german", "fr": "french", "es": "spanish", "it": "italian", "pt": "portuguese",
    "nl": "dutch", "sv": "swedish", "da": "danish", "no": "norwegian", "fi": "finnish", "ru": "russian",
    "hu": "hungarian", "ro": "romanian", "tr": "turkish", "ar": "arabic", "el": "greek", "ca": "catalan",
}  # fmt: skip
STOP_WORDS = frozenset(
    """a about all also am an and any are as at be because been being both but by can could did do does doing done
    each for from get give got had has have he her here him his how i if in into is it its just like may me might
    more most much my no not of on one only or other our out over own please same she should so some such tell
    than that the their them then there these they this those through to too under until up us very was we were
    what when where which while who whom why will with would you your yours""".split()  # noqa: SIM905
)
"""English words that say nothing about a subject; kept short, since guides are. Other languages have their own."""


class Word(NamedTuple):
    """A word of a text: as it stands, where, and the forms that it is compared by."""

    text: str
    start: int
    end: int
    stems: tuple[str, ...]


def words(text: str, language: str = "en") -> Iterator[Word]:
    """The words of a text. A compound such as CI/CD or Node.js is compared by its parts and joined."""
    for match in _WORD.finditer(text):
        whole = match.group()
        if forms := _forms(whole, language):
            yield Word(whole, match.start(), match.end(), forms)


@lru_cache(maxsize=MOST_REMEMBERED)
def _forms(whole: str, language: str) -> tuple[str, ...]:
    """The stems that a word is compared by; none of a common word. A guide says the same words again and again."""
    common = STOP_WORDS if language == "en" else FUNCTION_WORDS.get(language, STOP_WORDS)
    parts = _PART.findall(whole.casefold())
    forms = [part for part in parts if part not in common or len(parts) > 1]
    if len(parts) > 1:
        forms.append("".join(parts))
    return tuple(_stem(form, language) for form in forms)


def stems(text: str, language: str = "en") -> list[str]:
    """The forms of all words of a text, in order, as BM25 counts them."""
    return [stem for word in words(text, language) for stem in word.stems]


def stems_in(text: str, languages: Sequence[str]) -> list[str]:
    """The forms of a query over guides in several languages: those of the first, then what the others add."""
    found = stems(text, languages[0]) if languages else stems(text)
    for language in languages[1:]:
        found += [stem for stem in dict.fromkeys(stems(text, language)) if stem not in found]
    return found


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(_LANGUAGES.get(language, "porter"))


def _stem(word: str, language: str) -> str:
    return str(_stemmer(language).stemWord(word)) or word


def in_small_letters(texts: Iterable[str]) -> frozenset[str]:
    """The words that some texts write in small letters."""
    return frozenset(word.text for text in texts for word in words(text) if word.text.islower())
