"""Cuts a document into passages along its structure. Knows nothing of files or search.

A passage never crosses a section, a list stays with its lead-in, and what is too long is cut at sentence ends. The
passages tile the reading text: joined in order they give it back whole.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise

from ingest.documents import Block, BlockKind, Document, Passage, Sentence, Span
from ingest.sentences import sentences

PASSAGE_TOKENS = 200
"""Tokens of a passage with the headings in front; the packaged model reads 256 and loses the rest."""
VERSION = 1
"""Goes up when the same file gives other passages."""

CountTokens = Callable[[str], int]


def cut(document: Document, count_tokens: CountTokens, limit: int = PASSAGE_TOKENS) -> tuple[Passage, ...]:
    """The passages of a document, in order.

    Args:
        document: what to cut.
        count_tokens: tokens of a text by the embedding model's own tokenizer, special tokens left out.
        limit: tokens that a passage may have, the path of its headings counted in.
    """
    passages: list[Passage] = []
    seen: dict[str, int] = {}
    for start, end, found in _spans(document, count_tokens, limit):
        section = document.section(_section_at(document, start))
        assert section is not None
        text = document.text[start:end]
        digest = _digest(document.id, section.id, text.strip())
        seen[digest] = seen.get(digest, 0) + 1
        passages.append(
            Passage(
                id=digest if seen[digest] == 1 else f"{digest}-{seen[digest]}",
                document=document.id, section=section.id, headings=section.headings,
                text=text, sentences=tuple(found), start=start, end=end, language=document.language,
            )
        )  # fmt: skip
    return tuple(passages)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _section_at(document: Document, start: int) -> str:
    return next(block.section for block in document.blocks if block.end > start)


def _spans(document: Document, count_tokens: CountTokens, limit: int) -> Iterator[tuple[int, int, list[Sentence]]]:
    """Start, end and sentences of each passage; ends meet starts, so that they tile the text."""
    starts: list[tuple[int, list[Sentence]]] = []
    for _, blocks in groupby(document.blocks, key=lambda block: block.section):
        starts.extend(_run(document, list(blocks), count_tokens, limit))
    for (start, found), (end, _) in pairwise([*starts, (len(document.text), [])]):
        yield start, end, found


def _run(
    document: Document, blocks: Sequence[Block], count_tokens: CountTokens, limit: int
) -> Iterator[tuple[int, list[Sentence]]]:
    """Start and sentences of each passage of one section's own blocks."""
    headings = " ".join(document.text[block.start : block.end] for block in blocks if block.kind is BlockKind.HEADING)
    room = max(limit - count_tokens(headings), limit // 2)
    start, held, tokens = (0 if blocks[0] is document.blocks[0] else blocks[0].start), list[Sentence](), 0
    for unit in _units(document, blocks, count_tokens, room):
        size = sum(count_tokens(each.of(document.text)) for each in unit)
        if held and tokens + size > room:
            yield start, held
            start, held, tokens = _with_mark(document.text, unit[0]), [], 0
        held, tokens = [*held, *unit], tokens + size
    yield start, held


def _with_mark(text: str, first: Sentence) -> int:
    """Where the first sentence of a passage begins, the bullet before it counted in."""
    line = text.rfind("\n", 0, first.start) + 1
    return line if first.kind is BlockKind.LIST_ITEM and len(text[line : first.start].strip()) <= 1 else first.start


def _units(
    document: Document, blocks: Sequence[Block], count_tokens: CountTokens, room: int
) -> Iterator[list[Sentence]]:
    """What must stay together: a list with its lead-in where that fits, else a sentence or item alone."""
    bodies = [block for block in blocks if block.kind is not BlockKind.HEADING]
    found = [_sentences_of(document, block, count_tokens, room) for block in bodies]
    index = 0
    while index < len(bodies):
        following = index + 1
        group = bodies[following].group if following < len(bodies) else None
        leads = group is not None and bodies[index].group != group and bodies[following].lead_in is not None
        if leads or bodies[index].group is not None:
            group = group if leads else bodies[index].group
            while following < len(bodies) and bodies[following].group == group:
                following += 1
        unit = [each for part in found[index:following] for each in part]
        if sum(count_tokens(each.of(document.text)) for each in unit) <= room:
            yield unit
        else:
            yield from _loose(unit, leads)
        index = following


def _loose(unit: list[Sentence], leads: bool) -> Iterator[list[Sentence]]:
    """A unit that is too long, sentence by sentence; the last words before a list stay with its first item."""
    first_item = next((place for place, each in enumerate(unit) if each.group is not None), 0) if leads else 0
    for each in unit[: max(first_item - 1, 0)]:
        yield [each]
    rest = unit[max(first_item - 1, 0) :]
    if first_item and len(rest) > 1:
        yield rest[:2]
        rest = rest[2:]
    for each in rest:
        yield [each]


def _sentences_of(document: Document, block: Block, count_tokens: CountTokens, room: int) -> list[Sentence]:
    words = block.of(document.text)
    whole = Span(start=block.start, end=block.end)
    if block.kind is BlockKind.PARAGRAPH or count_tokens(words) > room:
        spans = [
            piece
            for sentence in sentences(words, block.start, document.language)
            for piece in _short(document.text, sentence, count_tokens, room)
        ]
    else:
        spans = [whole]
    return [
        Sentence(
            start=span.start,
            end=span.end,
            kind=block.kind,
            group=block.group,
            lead_in=_lead(document, block),
            page=block.page,
        )
        for span in spans
    ]


def _lead(document: Document, block: Block) -> Span | None:
    """The last sentence of the paragraph that introduces the block's list."""
    if block.lead_in is None:
        return None
    return list(sentences(block.lead_in.of(document.text), block.lead_in.start, document.language))[-1]


def _short(text: str, span: Span, count_tokens: CountTokens, room: int) -> Iterator[Span]:
    """The span cut into pieces of at most `room` tokens, between words where there are any."""
    start, end = span.start, span.end
    while start < end:
        stop = _stop(text, start, end, count_tokens, room)
        piece = text[start:stop]
        left = start + len(piece) - len(piece.lstrip())
        right = start + len(piece.rstrip())
        if left < right:
            yield Span(start=left, end=right)
        start = stop


def _stop(text: str, start: int, end: int, count_tokens: CountTokens, room: int) -> int:
    if count_tokens(text[start:end]) <= room:
        return end
    low, high = start + 1, min(end, start + room * 40)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if count_tokens(text[start:middle]) <= room else (low, middle - 1)
    blank = max(text.rfind(" ", start + 1, low), text.rfind("\n", start + 1, low))
    return blank + 1 if blank > start else low
