"""The terminal door: ask, search, show, evaluate; the other commands stand beside it. Holds no logic of its own."""

import json
import logging
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text
from typer.exceptions import TyperException

import cli_add
import cli_feedback
import cli_index
import cli_questions
import cli_skills
from batches import Line, run_batch
from ingest.errors import GuideError
from terminal import AsJson, Content, Index, Phrase, open_for, print_json, progress, say, settings_for, worded

if TYPE_CHECKING:
    from answering.answer import Answer, SearchHit
    from answering.assistant import Assistant

EXIT_BAD_INPUT = 2
EXIT_UNEXPECTED = 1
app = typer.Typer(
    name="skill-guide", add_completion=False, pretty_exceptions_enable=False,
    help="Ask a curated guide and get its own words, each cited to its place.",
)  # fmt: skip
app.add_typer(cli_questions.app, name="questions")
app.command()(cli_index.build)
app.command()(cli_index.check)
app.command()(cli_add.add)


class BatchQuestion(Line):
    """A line of `ask --batch`."""

    question: str
    turns: tuple[str, ...] = ()


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="What you want to know.")] = None,
    turn: Annotated[list[str] | None, typer.Option("--turn", help="An earlier question, oldest first.")] = None,
    batch: Annotated[Path | None, typer.Option("--batch", help="JSON lines of id, question, turns.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where the answers of --batch go.")] = None,
    phrase: Phrase = None,
    content: Content = None,
    index: Index = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question with the guide's own words, or say that it does not answer it."""
    if (question is None) == (batch is None):
        raise GuideError('give one question in quotes, as in: skill-guide ask "What is Git?"; or --batch IN.jsonl')
    if batch is not None:
        if out is None:
            raise GuideError("--batch needs --out OUT.jsonl")
        asked = partial(_answered, open_for(content, index), phrase)
        run_batch(batch, out, BatchQuestion, asked)
        return
    assistant = open_for(content, index)
    answer = worded(assistant, assistant.ask(question or "", turn or ()), phrase)
    if as_json:
        print_json(answer)
    else:
        _show_answer(answer)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="What to look for, by words or by meaning.")],
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many passages.")] = 10,
    section: Annotated[str | None, typer.Option("--section", help="Only this section and those under it.")] = None,
    content: Content = None,
    index: Index = None,
    as_json: AsJson = False,
) -> None:
    """Find passages, ranked."""
    hits = open_for(content, index).search(query, k, section)
    if as_json:
        sys.stdout.write(json.dumps([hit.model_dump(mode="json") for hit in hits], ensure_ascii=False) + "\n")
        return
    for hit in hits:
        _show_hit(hit)
    if not hits:
        say("Nothing found: try other words.")


@app.command()
def show(
    document: Annotated[str, typer.Argument(help="Id of a document.")], content: Content = None, index: Index = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Print the reading text of a document, exactly the text that offsets refer to."""
    found = open_for(content, index).document(document)
    if as_json:
        print_json(found)
    else:
        sys.stdout.write(found.text)


@app.command()
def evaluate(
    questions: Annotated[Path | None, typer.Option("--questions", help="Question file; else the guide's bank.")] = None,
    data: Annotated[Path | None, typer.Option("--data", help="Folder of public sets.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where the results go (evaluation/results).")] = None,
    work: Annotated[Path | None, typer.Option("--work", help="Where indexes of public sets are kept.")] = None,
    sample: Annotated[int | None, typer.Option("--sample", min=1, help="Questions to take of each set.")] = None,
    content: Content = None,
    index: Index = None,
    as_json: AsJson = False,
) -> None:
    """Measure how good the answers of this installation are."""
    import tempfile

    from assembly import open_over
    from evaluation.provenance import RESULTS
    from evaluation.public import Public
    from evaluation.report import tables
    from evaluation.run import Job
    from evaluation.run import evaluate as measured
    from evaluation.subject import installation

    settings = settings_for(content, index)
    assistant = open_for(content, index)
    kept = work or Path(tempfile.gettempdir()) / "skill-guide-evaluation"
    public = Public(data, kept, open_over(settings)) if data else None
    asked = questions or settings.content / "questions"
    job = Job(installation(settings.index), asked, out or RESULTS, sample, public)
    with progress(quiet=as_json or not sys.stderr.isatty()) as report:
        found = measured(assistant, job, report)
    if as_json:
        print_json(found)
        return
    Console().print(*tables(found))
    for remark in found.remarks:
        say(remark)


app.command()(cli_skills.define)
app.command()(cli_skills.match)
app.command()(cli_feedback.feedback)
app.command()(cli_feedback.gaps)


def _answered(assistant: "Assistant", phrase: bool | None, line: BatchQuestion) -> "Answer":
    return worded(assistant, assistant.ask(line.question, line.turns), phrase, alone=False)


def _show_answer(answer: "Answer") -> None:
    from answering.notes import remarks

    console = Console(highlight=False)
    console.print(Text(answer.answer), soft_wrap=True)
    for cited in answer.citations:
        page = f", page {cited.page}" if cited.page else ""
        place = Text(f"[{cited.number}] {' > '.join(cited.headings)}{page}", style="dim")
        console.print(place, soft_wrap=True)
        if answer.phrased_by:
            console.print(Text(f"    {cited.quote}", style="dim"), soft_wrap=True)
    for remark in remarks(answer):
        console.print(Text(remark, style="dim"), soft_wrap=True)
    if answer.nearest:
        console.print(Text("Nearest in the guide:", style="dim"))
        for near in answer.nearest:
            console.print(Text(f"  {' > '.join(near.headings)}", style="dim"), soft_wrap=True)
    for each in answer.replaced:
        line = f"Showing results for {each.meant} (you wrote {each.found})"
        console.print(Text(line, style="dim"), soft_wrap=True)
    if answer.standalone_question != answer.question and answer.standalone_question:
        console.print(Text(f"Understood as: {answer.standalone_question}", style="dim"), soft_wrap=True)
    if wording := answer.wording:
        held = f"worded by {answer.phrased_by}; {wording.replaced} of {wording.sentences} sentences replaced by quotes"
        console.print(Text(wording.failure or held, style="dim"), soft_wrap=True)
    console.print(Text(f"{answer.status} · confidence {answer.confidence:.0%}", style="dim"))


def _show_hit(hit: "SearchHit") -> None:
    console = Console(highlight=False)
    console.print(Text(f"{hit.rank}. {' > '.join(hit.headings)}  ({hit.score:.2f})", style="bold"), soft_wrap=True)
    console.print(Text(hit.text), soft_wrap=True)
    why = "; ".join(reason.text for reason in hit.reasons) or f"far in meaning ({hit.why.semantic:.2f})"
    console.print(Text(f"   {why}\n", style="dim"), soft_wrap=True)


def _complain(line: str) -> None:
    sys.stderr.write("skill-guide: " + " ".join(line.split()) + "\n")


def main(arguments: list[str] | None = None) -> None:
    """Runs the terminal door; the exit code is 0, 2 for wrong use or bad input, 1 for a fault of this program."""
    logging.basicConfig(level=logging.ERROR, format="%(name)s: %(message)s")
    logging.getLogger("skill-guide").setLevel(logging.WARNING)  # what people should know of their index
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    try:
        result: Any = app(args=arguments, standalone_mode=False)
    except GuideError as error:
        _complain(str(error))
    except TyperException as error:  # typer brings a click of its own, whose errors these are
        _complain(f"{error.format_message().rstrip('.')}; see skill-guide --help")
    except (typer.Abort, KeyboardInterrupt):
        _complain("stopped")
    except BrokenPipeError:
        return 0
    except Exception as error:
        logging.getLogger(__name__).debug("unexpected", exc_info=True)
        _complain(f"something went wrong ({type(error).__name__}: {error}); nothing was changed, please report it")
        return EXIT_UNEXPECTED
    else:
        return int(result) if isinstance(result, int) else 0
    return EXIT_BAD_INPUT


if __name__ == "__main__":
    main()
