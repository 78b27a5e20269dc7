"""Tells apart the encodings of one byte a character, which all decode anything: by the letters that languages have.

charset-normalizer knows whether bytes are Japanese or European; between look-alikes (Polish in windows-1250, French in
windows-1252) it guesses. A text uses the special letters of one language, so the right encoding is the one in which
nearly all of its signs fit one language's alphabet.
"""

import unicodedata
from typing import Final

_ALPHABETS: Final = {
    ("cp1252", "mac_roman", "cp850", "cp437"): (
        "äöüßàé", "éèêëàâîïôûùçœæü", "áéíóúñü", "àèéìíòóù", "ãõáéíóúâêôçà", "åäöé", "æøåéóü", "áðéíóúýþæö", "éëïöüáó",
    ),
    ("cp1250", "iso8859_2", "cp852"): (
        "áčďéěíňóřšťúůýž", "ąćęłńóśźż", "áéíóöőúüű", "ăâîşţ", "čćđšž", "áäčďéíĺľňóôŕšťúýž",
    ),
    ("cp1257",): ("āčēģīķļņšūž", "ąčęėįšųūž", "äöõüšž"),
    ("cp1254",): ("çğıöşüâîİ",),
    ("cp1251", "koi8_r", "cp866", "iso8859_5"): ("абвгдежзийклмнопрстуфхцчшщъыьэюяё",),
    ("cp1251", "koi8_u"): ("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",),
    ("cp1253", "iso8859_7"): ("αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ",),
    ("cp1255",): ("אבגדהוזחטיךכלםמןנסעףפץצקרשת",),
    ("cp1256",): ("ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئةىپچژگ",),
}  # fmt: skip
"""Encodings, likeliest first, to the letters beyond ASCII of the languages that are written in them."""
_OPENING: Final = "„\u201a¿¡"
_RAISED: Final = "²³½¼¾×ºª"
_PUNCTUATION: Final = frozenset("“”‘’\u2039\u203a«»–—…•·€£§©®°™\xa0" + _OPENING + _RAISED)
SINGLE_BYTE: Final = frozenset(name for names in _ALPHABETS for name in names) | {"latin_1", "iso8859_15", "cp858"}
_NOT_LATIN: Final = "\u0370"
_FOREIGN, _SYMBOL, _MIXED, _CONTROL = 1.0, 1.0, 1.0, 3.0
_PUNCTUATED = 0.1
"""What a sign costs: a letter of another language, an odd sign, a capital within a word or two scripts in one, a
control character, and a sign of punctuation, which is right in most encodings and so tells little."""


def best_single_byte(sample: bytes) -> str:
    """The encoding in which the sample's signs beyond ASCII fit one language best."""
    found = [(_cost(sample, name, letters), name) for names, many in _ALPHABETS.items() for name in names
             for letters in many]  # fmt: skip
    return min(found, key=lambda each: each[0])[1]  # of equals the first, the likeliest


def _cost(sample: bytes, encoding: str, letters: str) -> float:
    text = sample.decode(encoding, "replace")
    own = frozenset(letters + letters.upper())
    total, before = 0.0, " "
    for sign in text:
        if sign > "\x7f":
            total += _sign_cost(sign, before, own)
        before = sign
    return total


def _sign_cost(sign: str, before: str, own: frozenset[str]) -> float:
    if sign in own:
        odd = (sign.isupper() and before.islower()) or (sign >= _NOT_LATIN and "A" <= before <= "z")
        return _MIXED if odd else 0.0
    if sign in _PUNCTUATION:
        return _SYMBOL if before.isalpha() and sign in _OPENING + _RAISED else _PUNCTUATED
    if sign.isalpha():
        return _FOREIGN
    return _CONTROL if unicodedata.category(sign) == "Cc" or sign == "\ufffd" else _SYMBOL
