"""The concrete parts behind every Protocol, made as the settings say. Builds nothing and publishes nothing."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from answering.assistant import Assistant, Makers
from answering.bank import BankedQuestion, read_bank
from answering.evidence import Evidence
from answering.generations import Generations
from answering.learned import MODEL_FILE, PAIRS_FILE, SHIPPED, BankModel, LearnedEvidence, bank_digest, pairs_digest
from answering.phrased.entailment import Entailment
from answering.phrased.following import Following
from answering.phrased.llm import Endpoint, LanguageModel, Limits, Remote, Source
from answering.phrased.local import SUFFIX as GGUF
from answering.phrased.local import LocalModel
from answering.phrased.phrasing import Phraser
from answering.phrased.reading import Names
from answering.precedent import Precedent
from answering.terms import GlossaryTerms
from ingest.chunker import cut
from ingest.documents import Document, Edition, Passage
from ingest.errors import GuideError
from ingest.glossary import Glossary, read_glossary
from ingest.reader import read_corpus
from retrieval.connecting import Server
from retrieval.embedder import Precision, SentenceTransformerEmbedder, Vectors
from retrieval.generation import Generation
from retrieval.live import IndexReader
from retrieval.pairs import PairReader
from retrieval.uploads import Chroma
from retrieval.widening import Widener
from retrieval.words import in_small_letters, stems, words
from settings import PROJECT, Settings
from skills.card import Inventory
from skills.drawing import draw
from skills.lexicon import holds_word
from skills.lookup import Lookup
from skills.meaning import NameVectors, names_of
from skills.saved import saved, saved_vectors

Bank = tuple[BankedQuestion, ...]


def assistant_over(settings: Settings) -> Assistant:
    """The assistant over the live index as it is.

    Raises:
        GuideError: no index, or damaged, or made with another embedding model.
    """
    reader = IndexReader(settings.index, chroma_for(settings))
    with reader.use() as generation:
        assert generation.manifest is not None
        embedder = embedder_for(settings, generation.manifest.precision)
        if generation.manifest.fingerprint != embedder.fingerprint:
            made_with = generation.manifest.model
            raise GuideError(f"the index was made with another model ({made_with}): run skill-guide build")
    return assistant_from(reader, embedder, settings)


def assistant_from(reader: Generations, embedder: SentenceTransformerEmbedder, settings: Settings) -> Assistant:
    """The assistant over what a reader hands out."""
    return Assistant(
        reader,
        embedder,
        Makers(
            evidence=lambda generation: evidence_for_generation(generation, settings, embedder),
            widener=lambda generation: widener_over(generation, glossary_over(generation, settings), embedder),
            terms=lambda generation: GlossaryTerms(glossary_over(generation, settings)),
            lookup=lambda generation: lookup_over(generation, settings, embedder),
        ),
        base_url=f"http://localhost:{settings.port}",
        question_limit=settings.question_limit,
    ).phrase_with(phraser_for(settings, embedder))


def phraser_for(settings: Settings, embedder: SentenceTransformerEmbedder) -> Phraser | None:
    """What has answers phrased, if the settings name a language model.

    Raises:
        GuideError: they name half of one, or a folder without a model of entailment.
    """
    url, model = settings.llm_url.strip(), settings.llm_model.strip()
    if not (url or model):
        return None
    source: Source
    if url:
        if not model:
            raise GuideError("SKILL_GUIDE_LLM_URL alone says too little: set SKILL_GUIDE_LLM_MODEL to the model's name")
        address = url if "://" in url else f"http://{url}"
        if not re.fullmatch(r"https?://[^/\s]+\S*", address):
            raise GuideError("SKILL_GUIDE_LLM_URL is no address: it looks like localhost:11434/v1")
        source = Remote(Endpoint(url=address, model=model, key=settings.llm_key.get_secret_value()))
    elif model.endswith(GGUF):
        source = LocalModel(Path(model).expanduser().absolute())
    else:
        raise GuideError(f"SKILL_GUIDE_LLM_MODEL names no {GGUF} file, so SKILL_GUIDE_LLM_URL has to say who serves it")
    limits = Limits(
        first_token_seconds=settings.llm_first_token_seconds, total_seconds=settings.llm_total_seconds
    )  # fmt: skip
    return Phraser(
        LanguageModel(source, limits),
        lambda generation: Names(glossary_over(generation, settings).names(), plain_words(generation)),
        embedder.encode,
        Entailment(Path(settings.llm_entailment).expanduser()) if settings.llm_entailment else None,
        Following(),
    )


def plain_words(generation: Generation) -> frozenset[str]:
    """The words that a generation's guides write in small letters."""
    return in_small_letters(document.text for document in generation.documents.values())


def chroma_for(settings: Settings) -> Chroma:
    """Where vectors are searched."""
    server = None
    if settings.chroma_url:
        server = Server(
            url=settings.chroma_url, token=settings.chroma_token.get_secret_value(),
            header=settings.chroma_token_header, certificates=settings.chroma_certificates,
            tenant=settings.chroma_tenant, database=settings.chroma_database,
        )  # fmt: skip
    return Chroma(deadline=settings.chroma_deadline_seconds, server=server)


def embedder_for(settings: Settings, precision: Precision) -> SentenceTransformerEmbedder:
    """The embedding model, not loaded yet."""
    return SentenceTransformerEmbedder(settings.model, precision)


def passages_for(settings: Settings) -> tuple[Passage, ...]:
    """All passages of the guides as they are now, whatever the index holds.

    Raises:
        GuideError: no guide can be read.
    """
    return passages_of(read_corpus(settings.content).documents, settings)


def passages_of(
    documents: Iterable[Document], settings: Settings, known: Mapping[Edition, tuple[Passage, ...]] | None = None
) -> tuple[Passage, ...]:
    """All passages of documents, cut to what the embedding model reads.

    Args:
        documents: the guides.
        settings: the choices.
        known: passages of documents that were cut before.
    """
    tokens, known = embedder_for(settings, "float32").count_tokens, known or {}
    return tuple(passage for each in documents for passage in known.get(each.edition) or cut(each, tokens))


def bank_for(settings: Settings) -> Bank:
    """The question bank beside the guides, else the one that this project ships, which may be about them, too."""
    return read_bank(settings.content) or read_bank(PROJECT / "content")


class OnlyGeneration:
    """One generation that is not published yet, as a reader would hand it out."""

    def __init__(self, generation: Generation) -> None:
        """Takes the generation, which the caller closes."""
        self._generation = generation

    @contextmanager
    def use(self) -> Iterator[Generation]:
        """The generation."""
        yield self._generation


def evidence_for_generation(
    generation: Generation, settings: Settings, embedder: SentenceTransformerEmbedder
) -> Evidence:
    """What judges questions to a generation: by its bank where it holds the model of one."""
    bank = bank_for(settings)
    model = BankModel.load(generation.folder / MODEL_FILE, bank_digest(bank, embedder.fingerprint))
    precedents = (model, Precedent.over(generation, bank)) if model else None
    reads = None if precedents else pair_reader(generation, settings)
    return LearnedEvidence(known_terms(generation, settings), precedents, reads=reads)


@cache
def _reader(name: str) -> PairReader:
    return PairReader(name, SHIPPED / PAIRS_FILE, pairs_digest())


def pair_reader(generation: Generation, settings: Settings) -> PairReader | None:
    """What reads passages against questions, for guides without a bank; the shipped one knows only English.

    Raises:
        GuideError: its weights are damaged.
    """
    english = all(document.language == "en" for document in generation.documents.values())
    if settings.cross_encoder == "off" or not (english or settings.cross_encoder):
        return None
    return _reader(settings.cross_encoder)


def known_terms(generation: Generation, settings: Settings) -> Callable[[str], bool]:
    """Tells whether a generation's guides or the glossary mention a term, in any inflection."""
    entries = glossary_over(generation, settings).entries
    names = [name for entry in entries for name in (entry.term, *entry.aliases)]
    mentioned = _mentioned(generation).union(stem for name in names for stem in stems(name))
    return lambda term: all(stem in mentioned for stem in stems(term))


def glossary_over(generation: Generation, settings: Settings) -> Glossary:
    """The glossary beside the guides; where there is none, what the project's own says of terms that they mention."""
    own = read_glossary(settings.content)
    if own.entries:
        return own
    mentioned = _mentioned(generation)
    shipped = read_glossary(PROJECT / "content").entries
    return Glossary(entries=tuple(each for each in shipped if all(stem in mentioned for stem in stems(each.term))))


def inventory_over(generation: Generation, settings: Settings) -> Inventory:
    """The terms that a generation's guides name: as saved when it was built, else drawn now."""
    return saved(generation) or drawn_from(generation, settings)


def lookup_over(generation: Generation, settings: Settings, embedder: SentenceTransformerEmbedder) -> Lookup:
    """What resolves the names of a generation's terms."""
    inventory = inventory_over(generation, settings)

    def vectors() -> Vectors:
        kept = saved_vectors(generation, inventory)
        return embedder.encode(names_of(inventory)) if kept is None else kept

    names = NameVectors(inventory, vectors)
    return Lookup(inventory, lambda word: embedder.knows_word(word) or holds_word(word), names)


def drawn_from(generation: Generation, settings: Settings) -> Inventory:
    """The terms that a generation's guides name, by the glossary as it is now."""
    documents = tuple(generation.documents.values())
    return draw(documents, generation.all_passages, glossary_over(generation, settings))


def _mentioned(generation: Generation) -> frozenset[str]:
    return frozenset(stem for document in generation.documents.values() for stem in stems(document.text))


def widener_over(generation: Generation, glossary: Glossary, embedder: SentenceTransformerEmbedder) -> Widener:
    """What knows the other names and spellings of a generation's words."""
    vocabulary = {word.text for document in generation.documents.values() for word in words(document.text)}
    return Widener(glossary, vocabulary, lambda word: embedder.knows_word(word) or holds_word(word))
