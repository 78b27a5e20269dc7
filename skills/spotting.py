"""Finds terms in any text: the longest name at each place. Knows nothing of what an ad asks for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.words import STOP_WORDS
from skills.forms import Form, Forms, key_of
from skills.reading import Text

_JOINABLE = 6
"""Letters from which a term may be written apart: fast api, but not "is it" for some "isit"."""
_VENDORS = frozenset({"apache", "sql"})
"""Names before which another product begins: Apache Kafka is not the Apache that serves pages."""


@dataclass(frozen=True)
class Spot:
    """A stretch of words that may name a term."""

    form: Form
    at: int
    size: int

    @property
    def after(self) -> int:
        """One past its last word."""
        return self.at + self.size


def spots(text: Text, forms: Forms) -> list[Spot]:
    """Every place where a term seems to be named, from left to right; the guide's terms within others, too."""
    found = list(_longest(text, forms))
    return sorted([*found, *_shared(text, forms, found)], key=lambda each: (each.at, -each.size))


def _longest(text: Text, forms: Forms) -> Iterator[Spot]:
    at, words = 0, text.words
    while at < len(words):
        best: Spot | None = None
        for size in range(1, min(forms.longest, len(words) - at) + 1):
            if size > 1 and not text.joins(at + size - 1):
                break
            form = _form(text, forms, at, size)
            if form is not None:
                best = Spot(form, at, size)
        if best:
            yield best
            if best.size > 1 and (within := _within(text, forms, best)):
                yield within
        at += best.size if best else 1


def _form(text: Text, forms: Forms, at: int, size: int) -> Form | None:
    span = [word.text for word in text.words[at : at + size]]
    form = forms.get(span)
    if form is None and size > 1:
        form = forms.by_stems(span)
        if form is None and size == 3 and text.folded(at + 1) == "of":  # noqa: PLR2004
            form = forms.by_stems([span[2], span[0]])  # optimization of queries
    if form is None or size in {1, form.atoms} or forms.has_spelling(" ".join(span)):
        return form
    letters = sum(len(word) for word in span)
    apart = letters < _JOINABLE or span[0].casefold() in STOP_WORDS or span[-1].casefold() in STOP_WORDS
    return None if apart and any(text.gap(each).isspace() for each in range(at + 1, at + size)) else form


def _within(text: Text, forms: Forms, spot: Spot) -> Spot | None:
    """The guide's own proper name at the head of another: the GitLab of GitLab Runner, the SQL of SQL databases."""
    own_name = not spot.form.foreign and key_of(spot.form.name) == key_of(spot.form.term)
    if own_name or (spot.form.foreign and text.folded(spot.at) in _VENDORS):
        return None
    for size in range(spot.size - 1, 0, -1):
        form = forms.get([word.text for word in text.words[spot.at : spot.at + size]])
        if form and not form.foreign and form.term[0].isupper() and not form.weak:
            if not spot.form.foreign and spot.form.term.startswith(form.term):
                return None
            return Spot(form, spot.at, size) if text.words[spot.at].text[0].isupper() or not form.ambiguous else None
    return None


def _shared(text: Text, forms: Forms, found: Sequence[Spot]) -> Iterator[Spot]:
    """The first of two terms that share their last word: unit and integration tests."""
    taken = {each.at for each in found}
    for spot in found:
        last = spot.after - 1
        before = spot.at - 2 if text.is_joining(spot.at - 1) else spot.at - 1
        if spot.size < 2 or before < 0 or before in taken:  # noqa: PLR2004
            continue
        if before == spot.at - 1 and text.gap(spot.at).strip() not in {"/", ",", "&", "-/"}:
            continue
        form = forms.by_stems([text.words[before].text, text.words[last].text])
        if form and not form.foreign:
            yield Spot(form, before, 1)
