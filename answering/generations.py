"""Access to the live generation, and parts that are made anew when it changes. Knows nothing of questions."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Generic, Protocol, TypeVar

from retrieval.generation import Generation

T = TypeVar("T")


class Generations(Protocol):
    """Hands out the generation that is to be read."""

    def use(self) -> AbstractContextManager[Generation]:
        """The generation, which stays open until the block ends."""
        ...


class PerGeneration(Generic[T]):
    """Makes a part anew when the index has moved on, and only then."""

    def __init__(self, make: Callable[[Generation], T]) -> None:
        """Takes what makes the part."""
        self._make = make
        self._made: tuple[Generation, T] | None = None

    def __call__(self, generation: Generation) -> T:
        """The part for this generation."""
        made = self._made
        if made is None or made[0] is not generation:
            made = self._made = (generation, self._make(generation))
        return made[1]
