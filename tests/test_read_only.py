"""Who may only read an index asks it all the same, changes nothing, and is told why no update is made."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import assembly
from settings import PROJECT, Settings
from tests.builds import bag_of_words, settings_for
from tests.conftest import SMALL_GUIDE

NOBODY = 65534
QUESTIONS = 50
_ASK = """
import json, os, sys
from pathlib import Path
import assembly, parts
from ingest.errors import GuideError
from tests.builds import bag_of_words, settings_for
content, index, other = map(Path, sys.argv[1:4])
found = {}
with bag_of_words():
    warm = settings_for(content, other)
    assembly.build_index(warm)
    assembly.open_assistant(warm).search("steel", 1)  # whatever is imported late
    os.setgroups([])
    os.setegid(int(sys.argv[4]))
    os.seteuid(int(sys.argv[4]))
    assistant = assembly.open_assistant(settings_for(content, index))
    found["texts"] = [assistant.search("teeth of steel", 1)[0].text for _ in range(int(sys.argv[5]))]
    try:
        assembly.build_index(settings_for(content, index, model="another"))
    except GuideError as error:
        found["refused"] = str(error)
print(json.dumps(found))
"""


@pytest.fixture
def built() -> Iterator[Settings]:
    """An index that others may read: not below pytest's folder, which is its owner's alone."""
    folder = Path(tempfile.mkdtemp(prefix="read-only-"))
    folder.chmod(0o755)
    try:
        content = folder / "content"
        content.mkdir()
        (content / "tools.md").write_text(SMALL_GUIDE, encoding="utf-8")
        with bag_of_words():
            settings = settings_for(content)
            assembly.build_index(settings)
        yield settings
    finally:
        shutil.rmtree(folder)


def _bytes(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root becomes somebody else")
def test_who_may_only_read_gets_answers_and_one_clear_refusal(built: Settings, tmp_path: Path) -> None:
    before = _bytes(built.index)
    arguments = [str(built.content), str(built.index), str(tmp_path / "warm"), str(NOBODY), str(QUESTIONS)]
    done = subprocess.run(
        [sys.executable, "-c", _ASK, *arguments], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert len(found["texts"]) == QUESTIONS and all("steel" in text for text in found["texts"])
    assert "cannot be written to (Permission denied)" in found["refused"] and "\n" not in found["refused"]
    assert _bytes(built.index) == before
