"""A reader that asks in a loop until its input ends; run as `python -m tests.asking INDEX CONTENT`.

Every answer has to come from one version of the guide. Prints `ready` after the first, at the end one JSON line.
"""

import json
import sys
from pathlib import Path
from threading import Event, Thread
from typing import Any

import parts
from answering.assistant import Assistant
from tests.builds import SECTIONS, bag_of_words, settings_for, version_of


def main(index: Path, content: Path) -> None:
    """Asks until its input ends."""
    ended = Event()

    def wait() -> None:
        sys.stdin.read()
        ended.set()

    Thread(target=wait, daemon=True).start()
    with bag_of_words():
        assistant = parts.assistant_over(settings_for(content, index))
        found = asked(assistant, ended, lambda: print("ready", flush=True))
    print(json.dumps(found), flush=True)


def asked(assistant: Assistant, ended: Event, begun: object = None) -> dict[str, Any]:
    """Asks until told to end: how many answers, which versions were seen, and what was wrong."""
    answers, versions, wrong = 0, [""], []
    while not ended.is_set() or not answers:
        try:
            texts = [hit.text for hit in assistant.search("a version of a tool", SECTIONS)]
            answer = assistant.ask("Which version is tool 2 of?")
            quotes = [each.quote for each in answer.citations]
            seen = [version_of("\n".join(part)) for part in (texts, quotes) if part]
        except Exception as error:
            wrong.append(repr(error))
            continue
        if len(texts) != SECTIONS or any(not each.isdigit() for each in seen) or not quotes:
            wrong.append(f"{len(texts)} hits, {len(quotes)} quotes, versions {seen}")
        versions += [each for each in seen[:1] if each != versions[-1]]
        answers += 1
        if answers == 1 and callable(begun):
            begun()
    return {"answers": answers, "versions": versions[1:], "wrong": wrong[:5]}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
