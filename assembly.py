"""Puts the parts together as the settings say. The only file that names concrete classes."""

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter

from answering.assistant import Assistant, Generations
from answering.bank import BankedQuestion, read_bank
from answering.evidence import Evidence
from answering.examples import offered
from answering.learned import MODEL_FILE, SHIPPED, BankModel, LearnedEvidence, bank_digest, weights_digest
from answering.lexicon import holds_word
from answering.precedent import Precedent
from answering.terms import GlossaryTerms
from ingest.chunker import PASSAGE_TOKENS, cut
from ingest.chunker import VERSION as CHUNKER_VERSION
from ingest.documents import Corpus, Frozen, Passage, Skipped
from ingest.errors import GuideError
from ingest.glossary import Glossary, read_glossary
from ingest.parsers import VERSION as PARSERS_VERSION
from ingest.reader import read_corpus
from retrieval.embedder import Precision, SentenceTransformerEmbedder, Vectors, faster_precision
from retrieval.generation import Generation, Ingredients, Progress, Stored, seal, vectors_by_text, write_generation
from retrieval.index import IndexReader, current, live_manifest, publish, writing
from retrieval.manifest import Manifest
from retrieval.store import StoreError
from retrieval.widening import Widener
from retrieval.words import stems, words
from settings import PROJECT, Settings

MEASURED_TEXTS = 16
"""Passages that the number formats are compared on: about a second here."""
Bank = tuple[BankedQuestion, ...]
_log = logging.getLogger(__name__)


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


@dataclass(frozen=True)
class _Judged:
    """What questions are judged by, besides the guides."""

    glossary: Glossary
    bank: Bank
    recipe: Callable[[str], str]
    """Fingerprint of the embedding model to the recipe of a generation."""


def build_index(settings: Settings, progress: Progress | None = None) -> BuildReport:
    """Brings the index up to date with the guides; writes nothing where it is.

    Raises:
        GuideError: no guide can be read, another build runs, the model is damaged, or the disk is full or read-only.
    """
    started = perf_counter()
    report = progress or _silent
    report("reading the guides", 0.0)
    corpus = read_corpus(settings.content)
    glossary = read_glossary(settings.content)
    tokens = _embedder(settings, "float32").count_tokens
    passages = tuple(passage for document in corpus.documents for passage in cut(document, tokens))
    live = live_manifest(settings.index)
    bank = _bank(settings)
    recipe = partial(_recipe, glossary, bank)
    if live is not None and _up_to_date(live, corpus, settings, recipe):
        folder = current(settings.index)
        assert folder is not None
        return _report(corpus, passages, passages, folder.name, started)
    with writing(settings.index):
        old = _open_live(settings.index, live)
        before = old.all_passages if old else ()
        try:
            done = _publish(settings, corpus, passages, _Judged(glossary, bank, recipe), (live, old), report)
        except StoreError as error:
            raise GuideError(f"the index could not be built, nothing changed: {error}") from error
        finally:
            if old:
                old.close()
    return _report(corpus, passages, before, done.name, started)


def open_assistant(settings: Settings, progress: Progress | None = None) -> Assistant:
    """The assistant over the live index; builds the index first where it is missing, outdated or damaged.

    Raises:
        GuideError: there is no index and none can be built.
    """
    try:
        build_index(settings, progress)
    except GuideError as error:
        if live_manifest(settings.index) is None:
            raise
        _log.warning("answering from the index as it is: %s", error)
    return assistant_over(settings)


def assistant_over(settings: Settings) -> Assistant:
    """The assistant over the live index as it is.

    Raises:
        GuideError: no index, or damaged, or made with another embedding model.
    """
    reader = IndexReader(settings.index)
    with reader.use() as generation:
        assert generation.manifest is not None
        embedder = _embedder(settings, "bfloat16" if generation.manifest.precision == "bfloat16" else "float32")
        if generation.manifest.fingerprint != embedder.fingerprint:
            made_with = generation.manifest.model
            raise GuideError(f"the index was made with another model ({made_with}): run skill-guide build")
    glossary = read_glossary(settings.content)
    return _assistant(reader, embedder, glossary, settings)


def _assistant(
    reader: Generations, embedder: SentenceTransformerEmbedder, glossary: Glossary, settings: Settings
) -> Assistant:
    return Assistant(
        reader,
        embedder,
        evidence_for=lambda generation: _evidence(generation, settings, embedder),
        widener_for=lambda generation: _widener(generation, glossary, embedder),
        terms=GlossaryTerms(glossary),
        base_url=f"http://localhost:{settings.port}",
        question_limit=settings.question_limit,
    )


def _embedder(settings: Settings, precision: Precision) -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(settings.model, precision)


def _recipe(glossary: Glossary, bank: Bank, fingerprint: str) -> str:
    """Everything but the guides that a generation depends on."""
    names = hashlib.sha256(glossary.model_dump_json().encode()).hexdigest()[:12]
    judged = f"bank {bank_digest(bank, fingerprint)[:12]}, weights {weights_digest()[:12]}"
    return f"parsers {PARSERS_VERSION}, chunker {CHUNKER_VERSION}, {PASSAGE_TOKENS} tokens, glossary {names}, {judged}"


def _up_to_date(live: Manifest, corpus: Corpus, settings: Settings, recipe: Callable[[str], str]) -> bool:
    wanted = live.precision if settings.precision == "auto" else settings.precision
    embedder = _embedder(settings, "bfloat16" if wanted == "bfloat16" else "float32")
    return (
        live.fingerprint == embedder.fingerprint
        and live.recipe == recipe(embedder.fingerprint)
        and live.skipped == corpus.skipped
        and [each.digest for each in live.sources] == [each.digest for each in corpus.documents]
        and [each.id for each in live.sources] == [each.id for each in corpus.documents]
    )


def _open_live(index: Path, live: Manifest | None) -> Generation | None:
    folder = current(index)
    return Generation(folder) if live is not None and folder is not None else None


def _publish(
    settings: Settings, corpus: Corpus, passages: tuple[Passage, ...], judged: _Judged,
    live: tuple[Manifest | None, Generation | None], progress: Progress,
) -> Path:  # fmt: skip
    manifest, old = live
    precision, measured = _precision(settings, passages, manifest)
    embedder = _embedder(settings, precision)
    made_of = Ingredients(
        stored=Stored(documents=corpus.documents, passages=passages),
        skipped=corpus.skipped,
        recipe=judged.recipe(embedder.fingerprint),
        precision=precision,
        measured_seconds=measured,
    )
    reusable = old is not None and manifest is not None and manifest.fingerprint == embedder.fingerprint
    known: Mapping[str, Vectors] = vectors_by_text(old) if reusable and old else {}

    def write(folder: Path) -> None:
        write_generation(folder, made_of, embedder, known, progress)
        progress("learning which questions the guides answer", 0.92)
        _write_evidence(folder, embedder, judged, old)
        progress("finding questions to offer", 0.96)
        _write_extras(folder, settings, embedder, judged)
        seal(folder, made_of, embedder)

    return publish(settings.index, write, settings.generations_kept)


def _precision(
    settings: Settings, passages: Iterable[Passage], live: Manifest | None
) -> tuple[Precision, dict[str, float]]:
    if settings.precision != "auto":
        return settings.precision, {}
    if live is not None and live.measured_seconds:
        return ("bfloat16" if live.precision == "bfloat16" else "float32"), live.measured_seconds
    sample = [passage.text for passage in passages if passage.sentences][:MEASURED_TEXTS]
    return faster_precision(settings.model, sample)


def _bank(settings: Settings) -> Bank:
    """The question bank beside the guides, else the one that this project ships, which may be about them, too."""
    return read_bank(settings.content) or read_bank(PROJECT / "content")


def _write_evidence(
    folder: Path, embedder: SentenceTransformerEmbedder, judged: _Judged, old: Generation | None
) -> None:
    """Adds what the bank says of questions to an unsealed generation, if the bank is about its guides."""
    generation = Generation(folder, sealed=False)
    if not Precedent.over(generation, judged.bank).bound:
        return
    digest = bank_digest(judged.bank, embedder.fingerprint)
    known = [SHIPPED / MODEL_FILE, *([old.folder / MODEL_FILE] if old else [])]
    model = next((found for file in known if (found := BankModel.load(file, digest))), None)
    if model is None:
        widener = _widener(generation, judged.glossary, embedder)
        texts = [widener.widen(" ".join([*each.turns, each.question])).text for each in judged.bank]
        model, _ = BankModel.fitted(digest, judged.bank, texts, embedder.encode(texts))
    model.save(folder / MODEL_FILE)


def _write_extras(folder: Path, settings: Settings, embedder: SentenceTransformerEmbedder, judged: _Judged) -> None:
    """Adds to an unsealed generation what is worked out once: the questions that it was found to answer."""
    generation = Generation(folder, sealed=False)
    try:
        assistant = _assistant(_Only(generation), embedder, judged.glossary, settings)
        examples, suggestions = offered(assistant.ask, tuple(generation.documents.values()), judged.bank)
    finally:
        generation.close()
    (folder / "examples.json").write_text(json.dumps(examples), encoding="utf-8")
    (folder / "suggestions.json").write_text(json.dumps(suggestions), encoding="utf-8")


class _Only:
    """One generation that is not published yet, as a reader would hand it out."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation

    @contextmanager
    def use(self) -> Iterator[Generation]:
        yield self._generation


def _evidence(generation: Generation, settings: Settings, embedder: SentenceTransformerEmbedder) -> Evidence:
    bank = _bank(settings)
    model = BankModel.load(generation.folder / MODEL_FILE, bank_digest(bank, embedder.fingerprint))
    precedents = (model, Precedent.over(generation, bank)) if model else None
    return LearnedEvidence(known_terms(generation, settings), precedents)


def known_terms(generation: Generation, settings: Settings) -> Callable[[str], bool]:
    """Tells whether a generation's guides or the glossary mention a term, in any inflection."""
    glossary = read_glossary(settings.content)
    names = [name for entry in glossary.entries for name in (entry.term, *entry.aliases)]
    texts = [document.text for document in generation.documents.values()]
    mentioned = frozenset(stem for text in (*texts, *names) for stem in stems(text))
    return lambda term: all(stem in mentioned for stem in stems(term))


def _widener(generation: Generation, glossary: Glossary, embedder: SentenceTransformerEmbedder) -> Widener:
    vocabulary = {word.text for document in generation.documents.values() for word in words(document.text)}
    return Widener(glossary, vocabulary, lambda word: embedder.knows_word(word) or holds_word(word))


def _report(
    corpus: Corpus, passages: tuple[Passage, ...], before: tuple[Passage, ...], generation: str, started: float
) -> BuildReport:
    """Counts by passage: one that is new in a section which lost one is an update."""
    now, old = {each.id for each in passages}, {each.id for each in before}
    came = Counter((each.document, each.section) for each in passages if each.id not in old)
    went = Counter((each.document, each.section) for each in before if each.id not in now)
    updated = sum((came & went).values())
    return BuildReport(
        documents=len(corpus.documents), passages=len(passages), added=sum(came.values()) - updated, updated=updated,
        removed=sum(went.values()) - updated, unchanged=len(now & old), skipped=corpus.skipped,
        seconds=round(perf_counter() - started, 3), generation=generation,
    )  # fmt: skip


def _silent(what: str, share: float) -> None:
    del what, share
