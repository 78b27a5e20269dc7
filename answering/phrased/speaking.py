"""What an assistant over an index has to do with language models: which one, and the wording of an answer by it."""

import threading
from typing import Self

from answering.answer import Answer
from answering.generations import Generations
from answering.phrased.phrasing import Phraser, Phrasing, may_be_phrased


class Speaking:
    """The part of the assistant that a language model has a say in; without one it does nothing."""

    _reader: Generations
    _phraser: Phraser | None = None

    def phrase_with(self, phraser: Phraser | None) -> Self:
        """Has answers put into a language model's words from now on, where there is one; gives itself."""
        self._phraser = phraser
        return self

    @property
    def language_model(self) -> str:
        """Name of the language model, empty without one."""
        return self._phraser.name if self._phraser else ""

    def phrasing(self, answer: Answer) -> Phrasing | None:
        """Begins to put an answer into the model's words; None without a model, or without a direct answer."""
        if self._phraser is None or not may_be_phrased(answer):
            return None
        with self._reader.use() as generation:
            return self._phraser.begin(answer, generation)

    def warm_words(self) -> None:
        """Begins to load what talks to the language model; never waits."""
        if self._phraser is not None:
            threading.Thread(target=self._phraser.warm, name="warm-words", daemon=True).start()
