"""The one exception that people are meant to read.

It stands here, in the leftmost package, because every other one may import it; it knows nothing of them.
"""


class GuideError(Exception):
    """An expected failure. Its text is one clear line that says what is wrong, where, and what cures it."""
