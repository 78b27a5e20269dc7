"""Checks the index against the guides as the settings name them, and rebuilds it where it is asked to."""

from collections.abc import Callable
from time import perf_counter

from assembly import build_index
from ingest.documents import Frozen
from ingest.reader import read_corpus
from parts import chroma_for, embedder_for, passages_of
from retrieval.audit import Audit, Finding, audit
from retrieval.generation import Generation, Progress
from retrieval.index import current, generations
from retrieval.manifest import DamagedIndexError
from settings import Settings


class CheckReport(Frozen):
    """What a check found; the JSON of `skill-guide check`."""

    sound: bool
    generation: str
    documents: int = 0
    passages: int = 0
    sentences: int = 0
    embedded: int = 0
    looked_up: int = 0
    findings: tuple[Finding, ...] = ()
    unreachable: tuple[str, ...] = ()
    repaired: bool = False
    seconds: float


def check_index(
    settings: Settings, progress: Progress, say: Callable[[str], None], *, full: bool = False, repair: bool = False
) -> CheckReport:
    """Verifies every passage, place, vector and digest of the live index against the guides.

    Args:
        settings: the choices.
        progress: told how far a repair is.
        say: told what was found before a repair.
        full: whether every text is embedded anew and looked up, instead of a sample.
        repair: whether an index that is not sound is built anew, and checked again.

    Raises:
        GuideError: no guide can be read, or the index cannot be built anew.
    """
    started = perf_counter()
    found = _checked(settings, full)
    repaired = repair and not found.sound
    if repaired:
        for each in found.findings:
            say(f"{each.place}: {each.what}")
        build_index(settings, progress, say, anew=True)
        found = _checked(settings, full)
    return found.model_copy(update={"repaired": repaired, "seconds": round(perf_counter() - started, 3)})


def _checked(settings: Settings, full: bool) -> CheckReport:
    documents = read_corpus(settings.content).documents
    folder = current(settings.index) or next(iter(generations(settings.index)[::-1]), None)
    if folder is None:
        return _unsound("", Finding(place=str(settings.index), what="holds no index: run skill-guide build"))
    try:
        generation = Generation(folder, chroma=chroma_for(settings))
    except (DamagedIndexError, OSError, ValueError) as error:
        return _unsound(folder.name, Finding(place=folder.name, what=str(error).removeprefix(f"{folder.name}: ")))
    try:
        manifest = generation.manifest
        assert manifest is not None
        embedder = embedder_for(settings, manifest.precision)
        if manifest.fingerprint != embedder.fingerprint:
            return _unsound(folder.name, Finding(place=folder.name, what=f"was made with {manifest.model}"))
        passages = passages_of(documents, settings)
        return _report(folder.name, audit(generation, documents, passages, embedder, full=full))
    finally:
        generation.close()


def _unsound(generation: str, finding: Finding) -> CheckReport:
    return CheckReport(sound=False, generation=generation, findings=(finding,), seconds=0)


def _report(generation: str, found: Audit) -> CheckReport:
    return CheckReport(sound=not found.findings, generation=generation, seconds=0, **dict(found))
