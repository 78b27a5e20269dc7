"""Takes hidden and control characters out of text and folds white space. Knows nothing of formats."""

import re

_JOINERS = "\u200c\u200d"
_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\ufe00-\ufe0e\ufeff\ufff9-\ufffb\U000e0000-\U000e01ef\ud800-\udfff]"
)
# Joiners shape Arabic and Indic words and emoji; beside ASCII they only hide things.
_LOOSE_JOINER = re.compile(rf"(?:(?<=[\x00-\x7f])|^)[{_JOINERS}]+|[{_JOINERS}]+(?=[\x00-\x7f]|$)")
_SPACE = re.compile(r"\s+")


def without_hidden(text: str) -> str:
    """The text less control characters, zero-width characters, tags and bidirectional controls."""
    return _LOOSE_JOINER.sub("", _HIDDEN.sub("", text))


def has_hidden(text: str) -> bool:
    """Whether the text holds characters that a reader cannot see but a model would read."""
    return bool(_HIDDEN.search(text) or _LOOSE_JOINER.search(text))


def one_line(text: str) -> str:
    """The text without hidden characters, every run of white space one blank, no blank at either end."""
    return _SPACE.sub(" ", without_hidden(text)).strip()
