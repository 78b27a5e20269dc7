"""Makes text from documents, questions and file names harmless for the few places where Streamlit reads Markdown.

Labels, alerts and captions are Markdown in Streamlit; everywhere else the pages show such text as plain text.
"""

import re

from ingest.cleaning import one_line

_JOINER = "\u2060"
"""WORD JOINER, of no width: Streamlit looks for emoji, icons, links and arrows *after* it has undone backslashes."""
_LATE = (
    re.compile(r":(?=[\w+/-])"),  # emoji, icons, addresses
    re.compile(r"(?i)www(?=\.)"),  # addresses without a scheme
    re.compile(r"@(?=\S)"),  # mail addresses
    re.compile(r"[<>~-](?=[-=>])"),  # arrows and signs
)
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def escape_markdown(text: str) -> str:
    """The text as Markdown that shows its own characters and nothing else, on one line."""
    line = one_line(text)
    for each in _LATE:
        line = each.sub(rf"\g<0>{_JOINER}", line)
    return _PUNCTUATION.sub(r"\\\1", line)
