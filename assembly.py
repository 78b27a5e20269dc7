"""Builds the index from the guides and opens the assistant over it, out of the parts that the settings ask for."""

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Thread
from time import perf_counter

from pydantic import PrivateAttr

import freshness
from answering.assistant import Assistant
from answering.examples import offered
from answering.learned import MODEL_FILE, SHIPPED, BankModel, bank_digest, weights_digest
from answering.precedent import Precedent
from ingest.documents import Corpus, Frozen, Passage, Skipped
from ingest.errors import GuideError
from ingest.glossary import Glossary, read_glossary
from ingest.reader import read_corpus
from parts import (
    Bank,
    OnlyGeneration,
    assistant_from,
    assistant_over,
    bank_for,
    chroma_for,
    drawn_from,
    embedder_for,
    glossary_over,
    passages_of,
    widener_over,
)
from retrieval.embedder import Precision, SentenceTransformerEmbedder, faster_precision
from retrieval.generation import Generation, Ingredients, Progress, Stored, seal
from retrieval.index import live_manifest, live_name, newest_sound, publish, writing
from retrieval.landscape import lay_out
from retrieval.manifest import Manifest
from retrieval.memory import give_back
from retrieval.store import StoreError
from retrieval.uploads import clear_uploads
from retrieval.writing import Known, expected_bytes, vectors_by_text, write_generation
from settings import PROJECT, Settings
from skills.drawing import VERSION as SKILLS_VERSION
from skills.saved import name_vectors, save

EXTRAS_VERSION = 2
"""Goes up when a generation holds other things beside its passages."""
MEASURED_TEXTS = 8
"""Passages that the number formats are compared on: half a second here."""


class BuildReport(Frozen):
    """What a build did; the JSON of `skill-guide build`."""

    documents: int
    passages: int
    added: int
    updated: int
    removed: int
    unchanged: int
    skipped: tuple[Skipped, ...]
    seconds: float
    generation: str
    _notes: tuple[str, ...] = PrivateAttr(())

    @property
    def notes(self) -> tuple[str, ...]:
        """For people: what to know of how a file was read, its path first."""
        return self._notes

    @property
    def changes(self) -> str:
        """For people: what became of the passages."""
        return f"{self.added} added, {self.updated} updated, {self.removed} removed, {self.unchanged} unchanged"


@dataclass(frozen=True)
class _Judged:
    """What questions are judged by, besides the guides."""

    bank: Bank
    recipe: Callable[[str], str]
    """Fingerprint of the embedding model to the recipe of a generation."""


def build_index(
    settings: Settings, progress: Progress | None = None, say: Callable[[str], None] | None = None, *,
    anew: bool = False,
) -> BuildReport:  # fmt: skip
    """Brings the index up to date with the guides; writes nothing where it is.

    Args:
        settings: the choices.
        progress: told how far it is.
        say: told at once what people should know: that the index was damaged, or what was discarded.
        anew: build even where the index seems up to date, and use none of its vectors.

    Raises:
        GuideError: no guide can be read, another build runs, the model is damaged, or the disk is full or read-only.
    """
    started = perf_counter()
    report, say = progress or _silent, say or _silent
    report("reading the guides", 0.0)
    held = None if anew else freshness.texts_before(settings.index)
    corpus = read_corpus(settings.content, {each.path: each for each in held.texts.documents} if held else {})
    glossary = read_glossary(settings.content)
    judged = _Judged(bank := bank_for(settings), partial(_recipe, settings, glossary, bank))
    live, trouble = freshness.checked(settings, corpus, judged.recipe)
    if live is not None and not trouble and not anew:
        freshness.tidied(settings.index, say)
        freshness.restored(settings, live, say)
        name = live_name(settings.index)
        kept = held.texts.passages if held and held.name == name else passages_of(corpus.documents, settings)
        return _report(corpus, kept, kept, name, started)
    passages = passages_of(corpus.documents, settings, held.passages(settings) if held else None)
    with writing(settings.index) as discarded:
        live, trouble = freshness.checked(settings, corpus, judged.recipe)  # another build may have ended just now
        if live is not None and not trouble and not anew:
            return _report(corpus, passages, passages, live_name(settings.index), started)
        for remark in (*discarded, *([trouble] if trouble else [])):
            say(remark)
        with nullcontext() if anew else freshness.old_generation(settings.index, held) as old:
            before = old.all_passages if old else ()
            try:
                done = _publish(settings, corpus, passages, judged, old, report)
            except StoreError as error:
                raise GuideError(f"the index could not be built, nothing changed: {error}") from error
    give_back()
    return _report(corpus, passages, before, done.name, started)


def open_assistant(
    settings: Settings, progress: Progress | None = None, say: Callable[[str], None] | None = None, *, wait: bool = True
) -> Assistant:
    """The assistant over the live index; builds the index first where it is missing, outdated or damaged.

    Args:
        settings: the choices.
        progress: told how far a build is.
        say: told what people should know: that the index was damaged, or could not be brought up to date.
        wait: whether a damaged index is to be healed first, even where an older one can answer meanwhile.

    Raises:
        GuideError: there is no index and none can be built.
    """
    say = say or logging.getLogger("skill-guide").warning
    if not wait and freshness.can_answer_meanwhile(settings):
        Thread(target=_heal, args=(settings, say), name="heal-index", daemon=True).start()
        return assistant_over(settings)
    _heal(settings, say, progress)
    return assistant_over(settings)


def _heal(settings: Settings, say: Callable[[str], None], progress: Progress | None = None) -> None:
    """Brings the index up to date if that can be done; if not, what is there answers as it is."""

    def trouble(line: str) -> None:
        if not line.startswith(freshness.MADE_ANEW):  # that guides change is nothing that somebody who asks has to know
            say(line)

    try:
        build_index(settings, progress, trouble)
    except GuideError as error:
        if newest_sound(settings.index) is None:
            raise
        say(f"answering from the index as it is: {error}")


def open_over(settings: Settings) -> Callable[[Corpus, Path, Progress], Assistant]:
    """Opens assistants over other corpora, each with an index folder of its own; for measuring on public sets."""
    own = settings.model_copy(update={"content": PROJECT / "evaluation"})

    def opened(corpus: Corpus, folder: Path, progress: Progress) -> Assistant:
        there = own.model_copy(update={"index": folder})
        judged = _Judged((), partial(_recipe, there, Glossary(), ()))
        if (live := live_manifest(folder)) is None or freshness.outdated(live, corpus, there, judged.recipe):
            with writing(folder), freshness.old_generation(folder, None) as old:  # an earlier measurement's vectors
                _publish(there, corpus, passages_of(corpus.documents, there), judged, old, progress, offer=False)
        return assistant_over(there)

    return opened


def _recipe(settings: Settings, glossary: Glossary, bank: Bank, fingerprint: str) -> str:
    """Everything but the guides that a generation depends on."""
    names = hashlib.sha256(glossary.model_dump_json().encode()).hexdigest()[:12]
    judged = f"bank {bank_digest(bank, fingerprint)[:12]}, weights {weights_digest()[:12]}"
    read = f"{freshness.PARSERS}, {freshness.CUT}, skills {SKILLS_VERSION}"
    made = f"{read}, glossary {names}, {judged}, extras {EXTRAS_VERSION}"
    return f"{made}, vectors on a server" if settings.chroma_url else made


def _publish(
    settings: Settings, corpus: Corpus, passages: tuple[Passage, ...], judged: _Judged,
    old: Generation | None, progress: Progress, *, offer: bool = True,
) -> Path:  # fmt: skip
    manifest = old.manifest if old else None
    precision, measured = _precision(settings, passages, manifest)
    embedder = embedder_for(settings, precision)
    made_of = Ingredients(
        stored=Stored(documents=corpus.documents, passages=passages),
        skipped=corpus.skipped,
        recipe=judged.recipe(embedder.fingerprint),
        precision=precision,
        measured_seconds=measured,
    )
    reusable = old is not None and manifest is not None and manifest.fingerprint == embedder.fingerprint
    known: Known = vectors_by_text(old) if reusable and old else {}
    chroma = chroma_for(settings)

    def write(folder: Path) -> None:
        write_generation(folder, made_of, embedder, known, progress, chroma)
        progress("learning which questions the guides answer", 0.92)
        with closing(Generation(folder, sealed=False, chroma=chroma, texts=made_of.stored)) as generation:
            bank = _write_evidence(generation, settings, embedder, judged, old)
            if offer:
                progress("finding questions to offer", 0.96)
                _write_extras(generation, settings, embedder, bank, old, made_of.recipe)
            give_back((*generation.arrays, *(old.arrays if old else ())))
        seal(folder, made_of, embedder)

    needs = expected_bytes(made_of, embedder.dimensions)
    done = publish(settings.index, write, settings.generations_kept, needs)
    clear_uploads(settings.index, chroma)
    return done


def _precision(
    settings: Settings, passages: Iterable[Passage], live: Manifest | None
) -> tuple[Precision, dict[str, float]]:
    if settings.precision != "auto":
        return settings.precision, {}
    if live is not None and live.measured_seconds:
        return live.precision, live.measured_seconds
    sample = [passage.text for passage in passages if passage.sentences][:MEASURED_TEXTS]
    return faster_precision(settings.model, sample)


def _write_evidence(
    generation: Generation, settings: Settings, embedder: SentenceTransformerEmbedder, judged: _Judged,
    old: Generation | None,
) -> Bank:  # fmt: skip
    """Adds what the bank says of questions to an unsealed generation; gives the bank, empty if about other guides."""
    if not Precedent.over(generation, judged.bank).bound:
        return ()
    digest = bank_digest(judged.bank, embedder.fingerprint)
    known = [SHIPPED / MODEL_FILE, *([old.folder / MODEL_FILE] if old else [])]
    model = next((found for file in known if (found := BankModel.load(file, digest))), None)
    if model is None:
        widener = widener_over(generation, glossary_over(generation, settings), embedder)
        texts = [widener.widen(" ".join([*each.turns, each.question])).text for each in judged.bank]
        model, _ = BankModel.fitted(digest, judged.bank, texts, embedder.encode(texts))
    model.save(generation.folder / MODEL_FILE)
    return judged.bank


def _write_extras(
    generation: Generation, settings: Settings, embedder: SentenceTransformerEmbedder, bank: Bank,
    old: Generation | None, recipe: str,
) -> None:  # fmt: skip
    """Adds to an unsealed generation what is worked out once: picture, terms, questions found to be answered."""
    folder = generation.folder
    (folder / "map.json").write_text(json.dumps(lay_out(generation.passage_vectors)), encoding="utf-8")
    known = name_vectors(old, embedder.fingerprint)  # before the terms are drawn: two inventories take much memory
    save(drawn_from(generation, settings), folder, embedder.encode, known)
    give_back(generation.arrays)
    before = freshness.offered_before(old, generation.all_passages, recipe)
    assistant = assistant_from(OnlyGeneration(generation), embedder, settings)
    examples, suggestions = offered(assistant.ask, tuple(generation.documents.values()), bank, before)
    (folder / "examples.json").write_text(json.dumps(examples), encoding="utf-8")
    (folder / "suggestions.json").write_text(json.dumps(suggestions), encoding="utf-8")


def _report(
    corpus: Corpus, passages: tuple[Passage, ...], before: tuple[Passage, ...], generation: str, started: float
) -> BuildReport:
    """Counts by passage: one that is new in a section which lost one is an update."""
    now, old = {each.id for each in passages}, {each.id for each in before}
    came = Counter((each.document, each.section) for each in passages if each.id not in old)
    went = Counter((each.document, each.section) for each in before if each.id not in now)
    updated = sum((came & went).values())
    report = BuildReport(
        documents=len(corpus.documents), passages=len(passages), added=sum(came.values()) - updated, updated=updated,
        removed=sum(went.values()) - updated, unchanged=len(now & old), skipped=corpus.skipped,
        seconds=round(perf_counter() - started, 3), generation=generation,
    )  # fmt: skip
    report._notes = tuple(f"{each.path}: {flag}" for each in corpus.documents for flag in each.flags)
    return report


def _silent(*told: object) -> None:
    del told
