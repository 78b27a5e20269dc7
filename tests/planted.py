"""Plants known bugs into a copy of the project, one at a time, and tells which the tests catch.

`python -m tests.planted [NAME ...]`: each bug is a replacement of source text; caught means that the tests named for it
fail. A bug that survives is a hole in the tests.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from settings import PROJECT

BUG_SECONDS = 400
INDEX, LOCKS, LIVE = "retrieval/index.py", "retrieval/locks.py", "retrieval/live.py"
MANIFEST, GENERATION, ASSEMBLY = "retrieval/manifest.py", "retrieval/generation.py", "assembly.py"
PUBLISHING = ("tests/test_publishing.py", "tests/test_index.py", "tests/test_live.py")
FAULTS = "tests/test_faults.py"
SANDBOX, WORKER = "ingest/sandbox.py", "ingest/worker.py"
HOSTILE = ("tests/test_sandbox.py", "tests/test_bad_files.py", "tests/test_reader.py")


@dataclass(frozen=True)
class Bug:
    """A mistake that somebody could make."""

    name: str
    file: str
    right: str
    wrong: str
    tests: tuple[str, ...] = PUBLISHING


BUGS = (
    Bug("no lock", LOCKS, "lock.acquire(timeout=0)", "lock"),
    Bug("waits for the lock", LOCKS, "lock.acquire(timeout=0)", "lock.acquire(timeout=20)"),
    Bug("does not say who holds the lock", LOCKS, "            _write_down(note)\n", "            pass\n"),
    Bug("no fsync of files", INDEX, "        sync(unfinished)\n", ""),
    Bug("no fsync of the pointer", INDEX, "        os.fsync(file.fileno())\n", ""),
    Bug("no fsync of the folder", INDEX, "        _sync_folder(folder)\n        _point", "        _point"),
    Bug("folders are not synced", GENERATION, '[*folder.rglob("*"), folder]', '[*folder.rglob("*")]',
        ("tests/test_generation.py",)),
    Bug("clean-up takes what is read", LOCKS, "if handle is not None and not _locked(handle, shared=False):",
        "if handle is None and sys.argv == []:"),
    Bug("readers take no lease", GENERATION, "Lease(folder) if sealed else None", "None"),
    Bug("the lease is never released", GENERATION, "            self._lease.release()\n", "            pass\n"),
    Bug("keeps too few", INDEX, "generations(folder)[:-keep]", "generations(folder)[:-1]"),
    Bug("keeps all", INDEX, "generations(folder)[:-keep]", "generations(folder)[:0]"),
    Bug("count-only check", MANIFEST, "if found.get(name) != manifest.files.get(name):",
        "if (name in found) != (name in manifest.files):", ("tests/test_generation.py",)),
    Bug("no verification on opening", GENERATION, "verify(folder) if sealed else None",
        "read_manifest(folder) if sealed else None", ("tests/test_generation.py",)),
    Bug("manifest without its own check", MANIFEST, "if _signed(manifest) != content:", "if not content:",
        ("tests/test_publishing.py",)),
    Bug("published before it is sealed", ASSEMBLY, "        seal(folder, made_of, embedder)\n", "",
        ("tests/test_assembly.py",)),
    Bug("written in place", INDEX, 'unfinished = folder / f"{done.name}{_UNFINISHED}"', "unfinished = done",
        (*PUBLISHING, FAULTS + "::test_a_build_may_be_killed_at_any_moment")),
    Bug("the pointer is written in place", INDEX, "    pointer.replace(folder / CURRENT)\n",
        "    (folder / CURRENT).write_text(name)\n    pointer.unlink()\n"),
    Bug("the pointer comes first", INDEX, "        write(unfinished)\n",
        "        _point(folder, done.name)\n        write(unfinished)\n"),
    Bug("stale reader", LIVE, "generation = self._renewed()", "generation = self._live"),
    Bug("a reader closes what is in use", LIVE, "if path != self._live.folder and not self._users.get(path)]",
        "if path != self._live.folder]"),
    Bug("a reader never closes", LIVE, "                self._close_unused()\n", "                pass\n"),
    Bug("no older generation answers", LIVE, "for path in known:", "for path in known[:1]:"),
    Bug("any model will do", LIVE, "!= self._fingerprint:", "is None:"),
    Bug("a half-written one is live", INDEX, "return int(digits) if digits.isascii() and digits.isdigit() else None",
        'return int(digits[:6]) if digits[:6].isdigit() else None'),
    Bug("follows links", INDEX, ' | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)', ""),
    Bug("leaves rubbish after a failure", INDEX, "                _discard(path)\n            if isinstance",
        "                path\n            if isinstance"),
    Bug("says that nothing changed when it did", INDEX,
        "if named(folder) == done.name and isinstance(error, OSError):",
        "if not folder:"),
    Bug("numbers are used again", INDEX, "max((_number(path) or 0 for path in known), default=0) + 1",
        "len(known) + 1"),
    Bug("does not look again under the lock", ASSEMBLY,
        "  # another build may have ended just now\n        if live is not None and not trouble and not anew:",
        "\n        if False:",
        ("tests/test_assembly.py",)),
    Bug("vectors of another model are used again", ASSEMBLY, "manifest.fingerprint == embedder.fingerprint\n",
        "True\n", ("tests/test_assembly.py",)),
    Bug("disk is not looked at before", INDEX, "if _free(folder) < needs:", "if False:"),
    Bug("writes into the old store", "retrieval/renewal.py", "_copy(old.folder / CHROMA, folder / CHROMA)",
        "(folder / CHROMA).symlink_to((old.folder / CHROMA).absolute())", ("tests/test_renewal.py",)),
    Bug("what changed stays in the store", "retrieval/renewal.py", "if not np.array_equal(vectors[row], was[before])",
        "if vectors is was", ("tests/test_renewal.py",)),
    Bug("no deadline", "retrieval/store.py", "future.result(timeout=seconds)",
        "future.result(timeout=None)", ("tests/test_store.py",)),
    Bug("no child process", "ingest/reader.py", "    reading = sandbox.read(content, _ending(name))\n",
        "    from ingest.reading import read_content\n    reading = read_content(content, _ending(name))\n", HOSTILE),
    Bug("no limit of memory", WORKER, "    _limit(before + megabytes * 1_000_000)\n", "", HOSTILE),
    Bug("no limit of time", SANDBOX, "    deadline = monotonic() + seconds\n",
        "    deadline = monotonic() + 3600\n", HOSTILE),
    Bug("parsers may do anything", WORKER, "    sys.addaudithook(_refuse)\n", "", HOSTILE),
    Bug("cut text is not told", "ingest/parsers/html_page.py", 'entry.type_name == "ERR_RESOURCE_LIMIT"', "False",
        ("tests/test_html.py", "tests/test_bad_files.py")),
    Bug("reads links", "ingest/folder.py", "_FILE_FLAGS: Final = os.O_RDONLY | os.O_NOFOLLOW |",
        "_FILE_FLAGS: Final = os.O_RDONLY |", ("tests/test_folder.py", "tests/test_reader.py")),
    Bug("a file that changes is read half", "ingest/folder.py", "if same else None", "if same or pieces else None",
        ("tests/test_folder.py", "tests/test_reader.py")),
    Bug("hidden characters stay", "ingest/cleaning.py", '_LOOSE_JOINER.sub("", _HIDDEN.sub("", text))', "text",
        ("tests/test_cleaning.py", "tests/test_reading.py", "tests/test_reader.py")),
)  # fmt: skip


def caught(bug: Bug, seconds: float = BUG_SECONDS) -> str:
    """The test that fails first with the bug in place; empty where none does.

    Raises:
        ValueError: the source has changed, and the bug can no longer be planted.
    """
    with tempfile.TemporaryDirectory() as there:
        copy = Path(there) / "project"
        ignored = shutil.ignore_patterns(".git", ".venv", ".index", ".*_cache", "results", "__pycache__")
        shutil.copytree(PROJECT, copy, ignore=ignored)
        path = copy / bug.file
        source = path.read_text(encoding="utf-8")
        if source.count(bug.right) != 1:
            raise ValueError(f"{bug.name}: {bug.file} has {source.count(bug.right)} times {bug.right!r}")
        changed = source.replace(bug.right, bug.wrong)
        compile(changed, bug.file, "exec")
        if "read_manifest(folder) if" in bug.wrong:
            changed = changed.replace("digests, verify", "digests, read_manifest, verify")
        path.write_text(changed, encoding="utf-8")
        return _failure(copy, bug, seconds)


def _failure(copy: Path, bug: Bug, seconds: float) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *bug.tests]
    with subprocess.Popen(command, cwd=copy, stdout=subprocess.PIPE, text=True, start_new_session=True) as tests:
        try:
            said, _ = tests.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(tests.pid, signal.SIGKILL)  # what the tests have started, too
            return "hangs"
    if tests.returncode not in {0, 1}:
        raise ValueError(f"{bug.name}: the tests did not run: {said[-500:]}")
    failed = [line for line in said.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    return failed[0].split(" - ")[0].partition(" ")[2] if failed else "fails" * tests.returncode


def main(names: list[str]) -> None:
    """Plants each bug and prints what became of it; without a bug, all tests must pass."""
    chosen = [bug for bug in BUGS if not names or bug.name in names]
    files = dict.fromkeys(test for bug in chosen for test in bug.tests)
    if failed := caught(Bug("none", INDEX, "import os\n", "import os\n", tuple(files)), len(files) * BUG_SECONDS):
        raise SystemExit(f"without any bug this fails: {failed}")
    missed = []
    for bug in chosen:
        found = caught(bug)
        missed += [] if found else [bug.name]
        print(f"{'caught' if found else 'MISSED'}  {bug.name}  {found}".rstrip(), flush=True)
    print(f"{len(chosen) - len(missed)} of {len(chosen)} caught")


if __name__ == "__main__":
    main(sys.argv[1:])
