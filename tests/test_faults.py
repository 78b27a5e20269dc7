"""Nothing that happens to a build or to its files leaves people with half an index or a wrong answer.

The long versions of these tests are run by `make soak`.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import IO, Any

import pytest

import assembly
import parts
from ingest.errors import GuideError
from retrieval.index import generations, live_name
from retrieval.live import IndexReader
from retrieval.manifest import DATABASE, read_manifest
from retrieval.store import content_digest
from settings import PROJECT, Settings
from tests import damage, failpoints
from tests.asking import asked
from tests.builds import bag_of_words, settings_for, write_version

SEEDS = 20
KILLS = 200
CLOSED_WITHIN_SECONDS = 15
_LONG = (pytest.mark.soak, pytest.mark.timeout(0))


@pytest.fixture
def built(tmp_path: Path) -> Iterator[Settings]:
    """Settings of a guide of which every section names its version, built in version 1."""
    write_version(tmp_path / "content", 1)
    with bag_of_words():
        settings = settings_for(tmp_path / "content")
        assembly.build_index(settings)
        yield settings


def _rebuilt(settings: Settings, versions: range, keep: int = 1) -> None:
    """Builds one version after the other, keeping as few generations as can be."""
    for version in versions:
        write_version(settings.content, version)
        assembly.build_index(settings_for(settings.content, settings.index, generations_kept=keep))


@contextmanager
def _asking(settings: Settings) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A reader in another process, which asks as long as this lasts; what it found is there afterwards."""
    found: dict[str, Any] = {}
    command = [sys.executable, "-m", "tests.asking", str(settings.index), str(settings.content)]
    with subprocess.Popen(
        command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:  # fmt: skip
        try:
            assert reader.stdout and reader.stdout.readline() == "ready\n"
            yield reader, found
            assert reader.stdin
            reader.stdin.close()
            found.update(json.loads(reader.stdout.read()))
        finally:
            reader.kill()


@pytest.mark.parametrize("rebuilds", [6, pytest.param(20, marks=_LONG)])
def test_readers_asking_in_a_loop_during_rebuilds_see_whole_versions_only(built: Settings, rebuilds: int) -> None:
    assistant, ended = parts.assistant_over(built), Event()
    here: dict[str, Any] = {}
    thread = Thread(target=lambda: here.update(asked(assistant, ended)))
    with _asking(built) as (_, there):
        thread.start()
        _rebuilt(built, range(2, 2 + rebuilds // 2))
        handles, _ = _resources()
        _rebuilt(built, range(2 + rebuilds // 2, 2 + rebuilds))
        ended.set()
        thread.join()
    with assistant.generations.use() as generation:
        assert generation.folder.name in {f"gen-{rebuilds:06d}", f"gen-{rebuilds + 1:06d}"}
    until = time.monotonic() + CLOSED_WITHIN_SECONDS
    while _resources()[0] > handles + 2 and time.monotonic() < until:
        time.sleep(0.1)
    assert _resources()[0] <= handles + 2, "generations that nobody reads any more are closed"
    for found in (here, there):
        assert found["wrong"] == [] and found["answers"] >= 3
        assert found["versions"] == sorted(found["versions"], key=int), "never back to an older version"
    assert live_name(built.index) == f"gen-{rebuilds + 1:06d}" and len(generations(built.index)) <= 3


def test_a_reader_that_was_stopped_during_three_publishes_goes_on(built: Settings) -> None:
    with _asking(built) as (reader, found):
        version = 1
        for pause in range(1):
            time.sleep(0.01 * pause)  # wherever in an answer it then is
            reader.send_signal(signal.SIGSTOP)
            _rebuilt(built, range(version + 1, version + 4))
            version += 3
            reader.send_signal(signal.SIGCONT)
    assert found["wrong"] == [] and found["answers"] >= 1


@pytest.mark.parametrize("kills", [3, pytest.param(KILLS, marks=_LONG)])
def test_a_build_may_be_killed_at_any_moment(built: Settings, kills: int) -> None:
    command = [sys.executable, "-m", "tests.kills", str(built.index), str(built.content), str(kills), "7"]
    with _asking(built) as (_, found):
        done = subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True)
    result = json.loads(done.stdout)
    print(result, found)
    assert result["broken"] == [] and result["killed"] == kills
    assert found["wrong"] == [] and found["answers"] >= kills / 4
    assert result["generations"] <= 6


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shim that makes steps fail."""
    made = failpoints.compiled(tmp_path_factory.mktemp("shim"))
    if made is None:
        pytest.skip("needs Linux and a C compiler")
    return made


def _survived(cases: Iterator[failpoints.Case], expected: int) -> Counter[str]:
    found = list(cases)
    assert [case for case in found if not case.survived] == []
    assert [case.said for case in found if case.ended == "refused" and "\n" in case.said] == []
    assert len(found) == expected
    return Counter(f"{case.fault} {case.ended} {case.holds}" for case in found)


def test_a_fault_at_any_step_leaves_the_old_or_the_new_index(library: Path, tmp_path: Path) -> None:
    steps = failpoints.steps(library, tmp_path)
    ours = [number for number, step in enumerate(steps) if "/chroma/" not in step]
    theirs = [number for number, step in enumerate(steps) if "/chroma/" in step]
    assert len(ours) > 50 < len(theirs)
    chance = random.Random(3)
    last = ours[-14:]  # where it is published
    picked = [*last[1:-2:5], chance.choice(ours[:-14]), chance.choice(theirs)]
    cases = [(step, list(failpoints.FAULTS)[number % 5]) for number, step in enumerate(picked)]
    _survived(failpoints.survey(library, tmp_path, cases), len(cases))


@pytest.mark.soak
@pytest.mark.timeout(0)
@pytest.mark.parametrize("fault", failpoints.FAULTS)
def test_a_fault_at_every_step_leaves_the_old_or_the_new_index(library: Path, tmp_path: Path, fault: str) -> None:
    steps = failpoints.steps(library, tmp_path)
    print(len(steps), _survived(
        failpoints.survey(library, tmp_path, [(step, fault) for step in range(len(steps))]), len(steps)
    ))  # fmt: skip


@pytest.mark.parametrize("seeds", [1, pytest.param(SEEDS, marks=_LONG)])
def test_damage_of_any_kind_to_any_file_is_noticed_before_the_first_answer(built: Settings, seeds: int) -> None:
    generation = built.index / live_name(built.index)
    whole = built.index.with_name("whole")
    shutil.copytree(generation, whole)
    rows = content_digest(whole / DATABASE)
    counted: Counter[str] = Counter()
    for name in damage.files_of(whole):
        for kind, damaged in damage.KINDS.items():
            for seed in range(seeds):
                damaged(generation / name, random.Random(f"{name} {kind} {seed}"))
                noticed = _noticed(built)
                if not noticed:
                    if name.as_posix() == DATABASE and content_digest(generation / name) == rows:
                        counted["in unused bytes of the database"] += 1
                    else:
                        assert damage.same(generation, whole), f"{kind} in {name}, seed {seed}"
                        counted["without effect"] += 1
                counted["noticed"] += noticed
                damage.restored(generation, whole)
    print(counted)
    assert counted["noticed"] > 10 * len(damage.KINDS) * seeds
    assert not _noticed(built)


def _noticed(settings: Settings) -> bool:
    try:
        with IndexReader(settings.index).use():
            return False
    except GuideError as error:
        assert "damaged" in str(error) and "\n" not in str(error)
        return True


@pytest.mark.parametrize("seed", [None, *(pytest.param(each, marks=_LONG) for each in range(SEEDS))])
def test_damage_of_any_kind_heals(built: Settings, seed: int | None) -> None:
    """With a seed every kind in every file; without one every third kind, each in another file."""
    index, whole = built.index, built.index.with_name("whole")
    shutil.copytree(index, whole)
    files = damage.files_of(whole / live_name(whole))
    quick = built.model_copy(update={"cross_encoder": "off"})  # which questions are offered is not what this tests
    for number, (kind, damaged) in list(enumerate(damage.KINDS.items()))[:: 3 if seed is None else 1]:
        for name in [files[2 * number % len(files)]] if seed is None else files:
            damage.restored(index, whole)
            damaged(index / live_name(index) / name, random.Random(f"{name} {kind} {seed or 0}"))
            assembly.build_index(quick)
            assert not _noticed(built), f"{kind} in {name}, seed {seed}"
            assert read_manifest(index / live_name(index)).passages == 6


@pytest.mark.parametrize(
    "builders", [4, pytest.param(2, marks=pytest.mark.soak), pytest.param(8, marks=pytest.mark.soak)]
)
def test_of_builds_at_once_exactly_one_builds(built: Settings, builders: int) -> None:
    write_version(built.content, 2)
    begin = built.index.with_name("begin")
    os.mkfifo(begin)
    command = [sys.executable, "-c", _BUILD, str(built.content), str(built.index), str(begin)]
    started = [
        subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(builders)
    ]
    try:
        assert all(_line(each.stdout) == "ready" for each in started)
        for each in started:
            assert each.stdin
            each.stdin.close()
        said = [_line(each.stdout) for each in started]
    finally:
        for each in started:
            each.wait(60)
            if each.stdout:
                each.stdout.close()
    built_it = [each for each in said if each == "built gen-000002 6"]
    refused = [each for each in said if each.startswith("refused update already running since ")]
    late = [each for each in said if each == "built gen-000002 0"]
    assert len(built_it) == 1 and len(built_it) + len(refused) + len(late) == builders, said
    assert [path.name for path in generations(built.index)] == ["gen-000001", "gen-000002"]


_BUILD = """
import sys
from pathlib import Path
import assembly, chromadb
from ingest.errors import GuideError
from tests.builds import bag_of_words, settings_for

with bag_of_words() as embedded:
    print("ready", flush=True)
    sys.stdin.read()
    try:
        done = assembly.build_index(settings_for(Path(sys.argv[1]), Path(sys.argv[2])))
        print("built", done.generation, done.updated if embedded else 0)
    except GuideError as error:
        print("refused", error)
"""


def _line(stream: IO[str] | None) -> str:
    assert stream
    return stream.readline().strip()


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_handles_and_memory_stay_over_a_hundred_swaps(built: Settings) -> None:
    assistant = parts.assistant_over(built)

    def swapped(versions: range) -> tuple[int, int]:
        for version in versions:
            _rebuilt(built, range(version, version + 1))
            assistant.search("a version of a tool", 3)
        return _resources()

    before = swapped(range(2, 42))  # until then what libraries keep for themselves still grows
    after = swapped(range(42, 142))
    print(before, after)
    assert after[0] <= before[0] + 1 and after[1] - before[1] < 30_000_000


def _resources() -> tuple[int, int]:
    """Open files and resident bytes of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return len(list(Path("/proc/self/fd").iterdir())), pages * os.sysconf("SC_PAGE_SIZE")
