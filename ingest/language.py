"""Which language a document is in: as it says itself, else by its commonest words. Knows nothing of formats."""

import re
from types import MappingProxyType
from typing import Final

SAMPLE: Final = 20_000
"""Characters looked at; the commonest words show within a page."""
FEWEST: Final = 6
"""Common words below which a text tells nothing."""
MARGIN: Final = 1.5
"""How many times the common words of English another language's must be: names and code in a guide are English."""
ENGLISH: Final = "en"
FUNCTION_WORDS: Final = MappingProxyType(
    {
        language: frozenset(words.split())
        for language, words in {
            "en": "the of and to in is that for it as with was on are be this by at from or an which you",
            "de": "der die und das den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden "
            "aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben "
            "nur oder aber vor",
            "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont "
            "avec ou son aux cette ces sa ses être comme mais nous vous leur",
            "es": "de la que el en y a los del se las por un para con no una su al lo como más pero sus le ya o "
            "este sí porque esta entre cuando muy sin sobre también es son",
            "it": "di e il la che in un è per una sono non con del si da le dei nel alla i gli della al come anche "
            "più ma lo se delle questo dal nella",
            "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das "
            "tem à seu sua ou ser quando muito há nos já também são pelo",
            "nl": "de van een het en in is dat op te zijn voor met die niet aan er om ook als dan maar bij nog uit "
            "door naar wordt kan worden deze hebben",
            "sv": "och i att det som en på är av för med till den har de inte om ett men var jag sig från så kan "
            "när också eller skall",
            "da": "og i at det er en til af på for med der den de ikke som et har om kan var men så fra ved eller også",
            "no": "og i det er en til av på for med som den de ikke at et har om kan var men så fra ved eller også jeg",
            "ru": "и в не на что по как это из за от же так но для все он она они мы вы был было или при",
        }.items()
    }
)
"""The commonest words of languages, which say nothing of a subject."""
_CODES: Final = MappingProxyType(
    {"eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it", "por": "pt",
     "nld": "nl", "dut": "nl", "swe": "sv", "dan": "da", "nor": "no", "nb": "no", "nn": "no", "rus": "ru"}
)  # fmt: skip
_TAG = re.compile(r"([a-z]{2,3})(?:[-_].*)?", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")


def language_of(declared: str, text: str) -> str:
    """The two-letter code of a document's language; English where nobody knows.

    Args:
        declared: what the document says, e.g. `de-AT`; may be empty or nonsense.
        text: its reading text.
    """
    tag = _TAG.fullmatch(declared.strip())
    if tag:
        code = tag.group(1).lower()
        found = _CODES.get(code, code)
        if len(found) < len("xxx"):
            return found
    return _by_words(text)


def _by_words(text: str) -> str:
    words = [word.casefold() for word in _WORD.findall(text[:SAMPLE])]
    counts = {language: sum(word in common for word in words) for language, common in FUNCTION_WORDS.items()}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] >= max(FEWEST, MARGIN * counts[ENGLISH]) else ENGLISH
