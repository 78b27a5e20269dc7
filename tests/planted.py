"""Plants known bugs into a copy of the project, one at a time, and tells which the tests catch.

`python -m tests.planted [NAME ...]`: each bug is a replacement of source text; caught means that the tests named for it
fail. A bug that survives is a hole in the tests.
"""

import shutil
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
        "        if live is not None and not trouble:\n            return", "        if False:\n            return",
        (FAULTS + "::test_of_builds_at_once_exactly_one_builds",)),
    Bug("vectors of another model are used again", ASSEMBLY, "manifest.fingerprint == embedder.fingerprint\n",
        "True\n", ("tests/test_assembly.py",)),
    Bug("disk is not looked at before", INDEX, "if _free(folder) < needs:", "if False:"),
    Bug("no deadline", "retrieval/store.py", "future.result(timeout=deadline or self._deadline)",
        "future.result(timeout=None)", ("tests/test_store.py",)),
)  # fmt: skip


def caught(bug: Bug) -> bool:
    """Whether the tests fail with the bug in place.

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
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *bug.tests]
        try:
            done = subprocess.run(command, cwd=copy, capture_output=True, timeout=BUG_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return True
        if done.returncode not in {0, 1}:
            raise ValueError(f"{bug.name}: the tests did not run: {done.stdout.decode()[-500:]}")
        return done.returncode == 1


def main(names: list[str]) -> None:
    """Plants each bug and prints what became of it."""
    chosen = [bug for bug in BUGS if not names or bug.name in names]
    missed = []
    for bug in chosen:
        found = caught(bug)
        missed += [] if found else [bug.name]
        print(f"{'caught' if found else 'MISSED'}  {bug.name}", flush=True)
    print(f"{len(chosen) - len(missed)} of {len(chosen)} caught")


if __name__ == "__main__":
    main(sys.argv[1:])
