"""Builds that are killed at random moments over a live index; run as `python -m tests.kills INDEX CONTENT KILLS SEED`.

Each build is a child, forked when all is imported. Prints one JSON line: how many ended how, and what was found broken.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import assembly
from settings import Settings
from tests.builds import bag_of_words, imported, settings_for, version_of, write_version
from tests.indexes import live_texts


def main(index: Path, content: Path, kills: int, seed: int) -> None:
    """Kills builds of one new version after the other until `kills` of them were killed."""
    imported()
    chance, settings = random.Random(seed), settings_for(content, index)
    ended: Counter[str] = Counter()
    broken: list[str] = []
    with bag_of_words():
        longest = _seconds_of_a_build(settings, content)
        live, version = 1, 1
        while ended["killed"] < kills:
            version += 1
            write_version(content, version)
            how = _build(settings, chance.uniform(0, longest))
            ended[how] += 1
            found = _whole_version(index)
            allowed = {str(version)} if how == "done" else {str(live), str(version)}
            if found not in allowed or how not in {"done", "killed"}:
                broken.append(f"version {version}, {how}: the index holds {found}, not {sorted(allowed)}")
            live = int(found) if found.isdigit() else live
    sys.stdout.write(json.dumps({**ended, "broken": broken, "generations": len(list(index.glob("gen-*")))}) + "\n")


def _seconds_of_a_build(settings: Settings, content: Path) -> float:
    write_version(content, 1)
    for _ in range(2):
        started = time.monotonic()
        _build(settings, 60)
        (content / "more.md").write_text(f"# More\n\nMore of {started}.\n", encoding="utf-8")
    return (time.monotonic() - started) * 1.3


def _build(settings: Settings, kill_after: float) -> str:
    child = os.fork()
    if child == 0:
        try:
            assembly.build_index(settings)
        except BaseException as error:
            sys.stderr.write(f"{error!r}\n")
            os._exit(1)
        os._exit(0)
    until = time.monotonic() + kill_after
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return "done" if status == 0 else "failed"
        if time.monotonic() >= until:
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            return "killed" if os.WIFSIGNALED(status) else "done" if status == 0 else "failed"
        time.sleep(0.001)


def _whole_version(index: Path) -> str:
    texts = live_texts(index)
    return texts if isinstance(texts, str) else version_of("\n".join(each for each in texts if "version" in each))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
