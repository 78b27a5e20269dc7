"""The conversation and the search of one visitor, kept in the session so that moving between pages loses neither.

Knows what was asked and what came of it; knows nothing of how an answer is found or shown.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import streamlit as st

from answering.answer import Answer

if TYPE_CHECKING:
    from answering.phrased.phrasing import Phrasing

_TURNS = "turns"
_WORDED = "is_worded"
_FOLLOWED = "followed_links"
_TOO_LONG = "too_long"
_SEARCHED = "searched"


@dataclass(frozen=True)
class Turn:
    """A question; unanswered until it has an answer or a failure."""

    question: str
    standalone: str | None = None
    """What the visitor says that it means, where that is not left to the assistant."""
    answer: Answer | None = None
    failure: str = ""
    phrasing: "Phrasing | None" = None
    """The language model's wording of the answer, done or under way."""

    @property
    def waiting(self) -> bool:
        """Whether it is still to be answered."""
        return self.answer is None and not self.failure

    @property
    def meaning(self) -> str:
        """The question as later ones may refer back to it."""
        return self.standalone or self.question


def turns() -> list[Turn]:
    """The turns of this visitor, oldest first."""
    found: list[Turn] = st.session_state.setdefault(_TURNS, [])
    return found


def ask(question: str, limit: int) -> None:
    """Adds a question; one of more than `limit` characters is set aside to be shortened."""
    if len(question) > limit:
        st.session_state[_TOO_LONG] = question
        return
    set_aside_dropped()
    turns().append(Turn(question))


def ask_again(place: int, standalone: str | None) -> None:
    """Asks a question of the conversation anew, as it is meant now."""
    if (under_way := turns()[place].phrasing) is not None:
        under_way.stop()
    turns()[place] = Turn(turns()[place].question, standalone)


def settle(
    place: int, *, answer: Answer | None = None, failure: str = "", phrasing: "Phrasing | None" = None
) -> None:  # fmt: skip
    """Puts an answer or a failure to a question, and the wording that has begun."""
    turns()[place] = replace(turns()[place], answer=answer, failure=failure, phrasing=phrasing)


def is_worded() -> bool:
    """Whether the visitor wants answers in the language model's words, where there is one."""
    return bool(st.session_state.setdefault(_WORDED, True))


def word(*, on: bool) -> None:
    """Turns the wording on or off for this conversation."""
    st.session_state[_WORDED] = on


def earlier(place: int) -> tuple[str, ...]:
    """The questions before that one, oldest first."""
    return tuple(turn.meaning for turn in turns()[:place])


def start_anew() -> None:
    """Forgets the conversation."""
    for turn in turns():
        if turn.phrasing is not None:
            turn.phrasing.stop()
    turns().clear()
    set_aside_dropped()


def set_aside() -> str:
    """The question that was too long, if there is one."""
    return str(st.session_state.get(_TOO_LONG, ""))


def set_aside_dropped() -> None:
    """Forgets the question that was too long."""
    st.session_state.pop(_TOO_LONG, None)


def follow_link(question: str) -> bool:
    """Whether a question in the address is to be asked: once per visit, however often the page reruns."""
    followed: set[str] = st.session_state.setdefault(_FOLLOWED, set())
    new = question not in followed
    followed.add(question)
    return new


def searched(params: dict[str, str]) -> None:
    """Remembers where the search stands, so that the way back leads there."""
    st.session_state[_SEARCHED] = params


def last_search() -> dict[str, str]:
    """Query parameters of the search page as it was left; empty where nothing was searched for."""
    found: dict[str, str] = st.session_state.get(_SEARCHED, {})
    return found
