"""Says whether an index can be used as it is, and why not: damage, other guides, another model, another version.

Tidies up beside a sound index; builds nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from ingest.chunker import PASSAGE_TOKENS
from ingest.chunker import VERSION as CHUNKER_VERSION
from ingest.documents import Corpus, Edition, Passage
from ingest.errors import GuideError
from ingest.parsers import VERSION as PARSERS_VERSION
from parts import chroma_for, embedder_for
from retrieval.generation import PASSAGES, SENTENCES, Generation, Stored
from retrieval.index import candidates, checked_manifest, current, leftovers, named, newest_sound, point, writing
from retrieval.manifest import CORPUS, DamagedIndexError, Manifest, read_manifest, verify
from retrieval.server import ServerStore
from retrieval.store import StoreError
from retrieval.uploads import read_upload
from settings import Settings

PARSERS = f"parsers {PARSERS_VERSION}"
"""Begins the recipe of an index."""
CUT = f"chunker {CHUNKER_VERSION}, {PASSAGE_TOKENS} tokens"
"""Comes next in it."""
MADE_ANEW = "the index is made anew"
"""Begins what is said of an index that is whole, but not up to date."""


def checked(settings: Settings, corpus: Corpus, recipe: Callable[[str], str]) -> tuple[Manifest | None, str]:
    """The manifest of the live index, and what is wrong with it, in words; None where there is no index."""
    try:
        live = checked_manifest(settings.index)
    except DamagedIndexError as error:
        return None, f"the index is damaged ({error}): rebuilding it from the guides"
    why = outdated(live, corpus, settings, recipe) if live else ""
    return live, f"{MADE_ANEW}: {why}" if why else ""


def tidied(index: Path, say: Callable[[str], None]) -> None:
    """Clears away what a killed build left beside a sound index, and mends CURRENT; says what was done."""
    folder = current(index)
    lost = folder is not None and named(index) != folder.name
    if not lost and not leftovers(index):
        return
    try:
        with writing(index) as discarded:
            for remark in discarded:
                say(remark)
            if lost and folder:
                point(index, folder.name)
                say(f"the index had lost its pointer, which names {folder.name} again")
    except GuideError:  # a build runs, or nothing can be written: reading goes on all the same
        return


def restored(settings: Settings, live: Manifest, say: Callable[[str], None]) -> None:
    """Gives a Chroma server back what it has lost of the live index; says what was done, or why it could not be."""
    folder, chroma = current(settings.index), chroma_for(settings)
    upload = read_upload(folder) if folder else None
    if folder is None or upload is None or chroma.server is None:
        return
    store = ServerStore(chroma.server, upload.base, chroma.deadline)
    try:
        sizes = {PASSAGES: live.passages, SENTENCES: live.sentences}
        if all(store.holds(name, size) for name, size in sizes.items() if size):
            return
        say(f"the Chroma server at {chroma.server.shown} has lost the vectors of {folder.name}: uploading them again")
        generation = Generation(folder, chroma=chroma)
        try:
            generation.restore()
        finally:
            generation.close()
    except (StoreError, DamagedIndexError) as error:
        say(f"questions are answered without the Chroma server: {error}")
    finally:
        store.close()


@contextmanager
def old_generation(index: Path, held: "Held | None") -> Iterator[Generation | None]:
    """The generation whose vectors can be used again: the newest that is whole; `held` is what one was seen to hold."""
    found = next(filter(None, (_opened(folder, held) for folder in candidates(index))), None)
    try:
        yield found
    finally:
        if found:
            found.close()


def _opened(folder: Path, held: "Held | None") -> Generation | None:
    try:
        same = held is not None and read_manifest(folder) == held.manifest
        return Generation(folder, texts=held.texts if held and same else None)
    except (DamagedIndexError, OSError, ValueError):
        return None


class Held(NamedTuple):
    """What a generation holds."""

    name: str
    manifest: Manifest
    texts: Stored

    def passages(self, settings: Settings) -> dict[Edition, tuple[Passage, ...]]:
        """The passages of each document, where documents would be cut the same way now; else none.

        Args:
            settings: the choices.
        """
        if not self.manifest.recipe.startswith(f"{PARSERS}, {CUT}, ") or other_model(self.manifest, settings):
            return {}
        found: dict[str, list[Passage]] = {each.id: [] for each in self.texts.documents}
        for passage in self.texts.passages:
            found[passage.document].append(passage)
        return {each.edition: tuple(found[each.id]) for each in self.texts.documents}


def texts_before(index: Path) -> Held | None:
    """The texts of the live index, where the same parsers read them; None where it cannot serve."""
    folder = current(index)
    try:
        if folder is None or (manifest := verify(folder)).recipe.partition(", ")[0] != PARSERS:
            return None
        return Held(folder.name, manifest, Stored.model_validate_json((folder / CORPUS).read_bytes()))
    except (DamagedIndexError, OSError, ValueError):
        return None


def outdated(live: Manifest, corpus: Corpus, settings: Settings, recipe: Callable[[str], str]) -> str:
    """Why the index does not fit the guides and the settings, in words; empty where it does.

    Args:
        live: what the index says of itself.
        corpus: the guides as they are now.
        settings: which model is to be used.
        recipe: fingerprint of a model to everything else that an index depends on.
    """
    return other_model(live, settings) or _other_recipe(live, recipe(live.fingerprint)) or _other_guides(live, corpus)


def other_model(live: Manifest, settings: Settings) -> str:
    """How the embedding model differs from the one that the settings name; empty where it does not."""
    wanted = live.precision if settings.precision == "auto" else settings.precision
    embedder = embedder_for(settings, wanted)
    if live.fingerprint == embedder.fingerprint:
        return ""
    if live.model != embedder.name:
        return f"it was made with the model {live.model}, and now it is {embedder.name}"
    if live.precision != wanted:
        return f"it was made with {live.precision} numbers, and now they are {wanted}"
    return f"it was made with other weights of the model {live.model}"


def _other_recipe(live: Manifest, wanted: str) -> str:
    if live.recipe == wanted:
        return ""
    before, now = live.recipe.split(", "), wanted.split(", ")
    changed = [f"{old} is now {new}" for old, new in zip(before, now, strict=False) if old != new]
    return f"it was made by another version ({'; '.join(changed) or f'{live.recipe} is now {wanted}'})"


def _other_guides(live: Manifest, corpus: Corpus) -> str:
    before = {each.id: each.digest for each in live.sources}
    now = {each.id: each.digest for each in corpus.documents}
    if before != now or list(before) != list(now):
        return "the guides have changed"
    return "" if live.skipped == corpus.skipped else "other files of the guides are left out"


def can_answer_meanwhile(settings: Settings) -> bool:
    """Whether the live index is damaged, and an older one that was made with the same model is whole."""
    try:
        checked_manifest(settings.index)
    except DamagedIndexError:
        sound = newest_sound(settings.index)
        return sound is not None and not other_model(read_manifest(sound), settings)
    return False


def offered_before(old: Generation | None, passages: Iterable[Passage], recipe: str) -> Mapping[str, Sequence[str]]:
    """Questions that an older generation offers in sections which have not changed since; they are not tried again."""
    found = old.extra("suggestions") if old and old.manifest and old.manifest.recipe == recipe else None
    if old is None or not isinstance(found, dict):
        return {}
    before, now = _by_section(old.all_passages), _by_section(passages)
    return {section: found.get(section, ()) for section, ids in now.items() if before.get(section) == ids}


def _by_section(passages: Iterable[Passage]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in passages:
        found.setdefault(each.section, set()).add(each.id)
    return found
