"""What the quotes that a sentence cites hold: their words, names, numbers and statements, read once.

Knows nothing of the sentences that are held against them.
"""

import re
from collections.abc import Sequence
from functools import cache

from answering.phrased.english import ALIKE
from answering.phrased.forms import same_start
from answering.phrased.grounds import Ground, pieces
from answering.phrased.reading import Names, Token, read
from answering.phrased.strengths import is_instruction
from retrieval.words import stems


class Support:
    """What grounds hold, read once."""

    def __init__(self, grounds: tuple[Ground, ...], names: Names) -> None:
        self.grounds = grounds
        self.quote = read("\n".join(each.quote for each in grounds), names)
        self.context = read("\n".join(each.context for each in grounds), names)
        placed = [(read(piece, names), each.context) for each in grounds for piece in pieces(each.quote)]
        self.units = tuple(unit for unit, _ in placed)
        contexts = {context: read(context, names) for _, context in placed}
        self.contexts = tuple(contexts[context] for _, context in placed)
        both = [*self.quote.tokens, *self.context.tokens]
        self.stems = frozenset(stem for token in both for stem in token.stems)
        self.terms = self.quote.terms | self.context.terms
        self.proper = frozenset(token.text.casefold() for token in self.quote.tokens if token.proper)
        told = frozenset({"must"}) if any(is_instruction(unit.text) for unit in self.units) else frozenset[str]()
        self.words = self.quote.words | self.context.words | told
        self._forms = self.words | self.stems
        self.content_words = frozenset(token.text.casefold() for token in both if token.content)
        self.sizes = self.quote.sizes | _sizes(grounds)

    def holds(self, token: Token) -> bool:
        """Whether a word stands here, in any form, or one that means the same."""
        if token.stems & self.stems or token.terms & self.terms:
            return True
        if token.stems and all(any(same_start(one, other) for other in self.stems) for one in token.stems):
            return True
        parts = [part for part in re.split(r"\W+", token.text.casefold()) if part]
        return all(any(row & self._forms and row & {part, *stems(part)} for row in _alike_rows()) for part in parts)


@cache
def _alike_rows() -> tuple[frozenset[str], ...]:
    """Rows of words that stand for each other, in any form."""
    return tuple(row | {stem for word in row for stem in stems(word)} for row in ALIKE)


def _sizes(grounds: Sequence[Ground]) -> frozenset[str]:
    return frozenset({str(len(grounds))}) if len(grounds) > 1 else frozenset()
