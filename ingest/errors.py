"""The exceptions that people are meant to read.

They stand here, in the leftmost package, because every other one may import them.
"""


class GuideError(Exception):
    """An expected failure. Its text is one clear line that says what is wrong, where, and what cures it."""


class StoppedError(GuideError):
    """An expected failure of this machine, not of one file: whoever goes from file to file must not go on."""
