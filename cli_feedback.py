"""The part of the terminal door that shows what visitors of the app thought of answers, and what they asked in vain."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.errors import GuideError
from terminal import AsJson, Content, Index, open_for, say, settings_for

if TYPE_CHECKING:
    from answering.journal import Journal

NONE_KEPT = "nothing is kept: SKILL_GUIDE_FEEDBACK is switched off; set it to true"


def feedback(as_json: AsJson = False) -> None:
    """Show what visitors of the app thought of its answers."""
    ratings = _journal().ratings()
    if as_json:
        sys.stdout.write(json.dumps([each.model_dump(mode="json") for each in ratings], ensure_ascii=False) + "\n")
        return
    for each in ratings:
        said = f": {each.word}" if each.word else ""
        say(f"{each.at:%Y-%m-%d} {'good' if each.good else 'bad '} {each.status}  {each.standalone_question}{said}")
    good = sum(each.good for each in ratings)
    say(f"{len(ratings)} ratings, {good} good, {len(ratings) - good} bad" if ratings else "No rating so far.")


def gaps(
    lines: Annotated[bool, typer.Option("--lines", help="Print them as lines for a question bank.")] = False,
    content: Content = None,
    index: Index = None,
    as_json: AsJson = False,
) -> None:
    """Show what visitors of the app asked in vain, by meaning, the most asked first."""
    groups = open_for(content, index).gaps(_journal())
    if as_json:
        sys.stdout.write(json.dumps([each.model_dump(mode="json") for each in groups], ensure_ascii=False) + "\n")
        return
    for each in groups:
        if lines:
            for line in each.bank_lines():
                sys.stdout.write(line + "\n")
        else:
            lacks = f"; the guide lacks {'; '.join(each.missing[:3])}" if each.missing else ""
            say(f"{each.asked:4} x  {each.question}{lacks}")
    if not groups and not lines:
        say("No question went unanswered so far.")


def _journal() -> "Journal":
    from answering.journal import Journal

    settings = settings_for(None, None)
    if not settings.feedback:
        raise GuideError(NONE_KEPT)
    return Journal(settings.feedback_folder)
