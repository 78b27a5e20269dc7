"""Bytes to text, whatever their encoding; says so where it had to guess.

Knows nothing of formats but how they declare an encoding.
"""

import codecs
import re
import unicodedata
from typing import Final

from ingest.errors import GuideError
from ingest.legacy import SINGLE_BYTE, best_single_byte

GUESSED: Final = "encoding guessed: {}"
DAMAGED: Final = "damaged text: {} bytes were unreadable, shown as �"
NULS: Final = "NUL bytes were taken out"
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like UTF-16's, so it goes before it
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED: Final = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_DECLARED_WITHIN: Final = 4096
"""HTML asks for the first 1,024 bytes; real pages are less strict."""
_SAMPLE: Final = 200_000
"""Bytes that an encoding is guessed from: more of them change no guess and cost seconds."""
_SAMPLE_OF_SIGNS: Final = 20_000
_MOST_CONTROLS: Final = 0.02
"""Share of control characters above which a file is no text: prose has none, a stray NUL now and then."""
_MOST_DAMAGED: Final = 0.02
"""Share of bad bytes up to which a file that is UTF-8 elsewhere counts as damaged UTF-8."""
_HEAD: Final = 4096
_QUAD: Final = 4
"""Bytes that UTF-32 takes for a character."""
_NEARLY_ALL: Final = 0.99
"""Share of zeros among the bytes that UTF-32 leaves empty."""
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_NAMES: Final = {"cp1252": "windows-1252", "cp1251": "windows-1251", "cp1250": "windows-1250", "latin_1": "iso-8859-1"}
_CANDIDATES: Final = (
    "utf_8", *sorted(SINGLE_BYTE), "cp932", "shift_jis", "euc_jp", "iso2022_jp", "gb18030", "big5", "euc_kr", "cp949",
)  # fmt: skip
"""Encodings that documents come in; among all that Python knows, look-alikes would win by chance."""
_NAMEABLE: Final = frozenset(codecs.lookup(name).name for name in _CANDIDATES)


def decoded(content: bytes, *, declares: bool = False) -> tuple[str, tuple[str, ...]]:
    """The text with plain line ends, and what should be noted about how it was decoded.

    Args:
        content: the file's bytes.
        declares: whether the format may name its encoding in its text, as HTML does.

    Raises:
        GuideError: it is no text, or its encoding cannot be told.
    """
    text, notes = _text(content, declares=declares)
    if len(_CONTROLS.findall(text)) > _MOST_CONTROLS * len(text):
        raise GuideError("is not a text file")
    if "\0" in text:
        text, notes = text.replace("\0", ""), (*notes, NULS)
    return text.replace("\r\n", "\n").replace("\r", "\n"), notes


def _text(content: bytes, *, declares: bool) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _marked(content, encoding)
    wide = _wide(content)
    if wide:
        return content.decode(wide, "replace"), (GUESSED.format(wide),)
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    if declares and (named := _declared(content)):
        return named, ()
    return _damaged_utf8(content) or _guessed(content)


def _marked(content: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    try:
        return content.decode(encoding), ()
    except UnicodeDecodeError:
        text = content.decode(encoding, "replace")
        return text, (DAMAGED.format(text.count("\ufffd")),)


def _wide(content: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, told by where the zeros stand; text of one byte a character has none."""
    head = content[:_HEAD]
    zeros = [head[start::_QUAD].count(0) / max(len(head[start::_QUAD]), 1) for start in range(_QUAD)]
    if len(content) % _QUAD == 0 and content:
        if min(zeros[2:]) > _NEARLY_ALL:
            return "utf-32-le"
        if min(zeros[:2]) > _NEARLY_ALL:
            return "utf-32-be"
    if b"\0" not in head or len(content) % 2 or _is_plain_utf8(content):
        return None
    found = {encoding: _plain_signs(head, encoding) for encoding in ("utf-16-le", "utf-16-be")}
    best = max(found, key=lambda each: found[each])
    return best if found[best] > 0 else None


def _is_plain_utf8(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return len(_CONTROLS.findall(text)) <= _MOST_CONTROLS * len(text)


def _plain_signs(head: bytes, encoding: str) -> int:
    """How many blanks and signs of ASCII a text has in that encoding; 0 if it has signs that no text has."""
    text = head.decode(encoding, "replace")
    odd = sum(unicodedata.category(sign) in {"Cc", "Cn", "Co", "Cs"} and sign not in "\t\n\r" for sign in text)
    return 0 if odd > _MOST_CONTROLS * len(text) else sum("\n" <= sign <= "~" for sign in text)


def _declared(content: bytes) -> str | None:
    found = _DECLARED.search(content[:_DECLARED_WITHIN])
    if not found:
        return None
    name = (found[1] or found[2]).decode("ascii")
    # Browsers read these three as the one that contains them (WHATWG Encoding).
    name = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "gb2312": "gb18030"}.get(
        name.lower(), name
    )
    try:
        # Some of Python's codecs are no encodings of text (`zip`), and some hide markup from those who look for it.
        return content.decode(name) if codecs.lookup(name).name in _NAMEABLE else None
    except (LookupError, UnicodeError, ValueError):
        return None


def _damaged_utf8(content: bytes) -> tuple[str, tuple[str, ...]] | None:
    """UTF-8 with a few bad bytes: only if it has more good signs of several bytes than bad ones."""
    text = content.decode("utf-8", "replace")
    bad = text.count("\ufffd") - content.count("\ufffd".encode())
    good = sum(1 for sign in text if sign > "\x7f") - text.count("\ufffd")
    if bad > max(1, _MOST_DAMAGED * len(content)) or good <= 2 * bad:
        return None
    return text, (DAMAGED.format(bad),)


def _guessed(content: bytes) -> tuple[str, tuple[str, ...]]:
    from charset_normalizer import from_bytes

    best = from_bytes(_whole_lines(content), cp_isolation=list(_CANDIDATES), enable_fallback=False).best()
    encoding = best.encoding if best else "cp1252"
    if encoding in SINGLE_BYTE:
        encoding = best_single_byte(content[:_SAMPLE_OF_SIGNS])
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode(encoding, "replace")
        bad = text.count("\ufffd")
        if bad > _MOST_DAMAGED * len(content):
            raise GuideError("is text in an encoding that cannot be told: save it as UTF-8") from None
        return text, (GUESSED.format(_NAMES.get(encoding, encoding)), DAMAGED.format(bad))
    return text, (GUESSED.format(_NAMES.get(encoding, encoding.replace("_", "-"))),)


def _whole_lines(content: bytes) -> bytes:
    """The sample that the guess is made from, cut where no sign of several bytes can be torn."""
    if len(content) <= _SAMPLE:
        return content
    cut = content.rfind(b"\n", 0, _SAMPLE)
    return content[: cut if cut > 0 else _SAMPLE]
