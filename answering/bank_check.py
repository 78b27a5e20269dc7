"""Helps an author to write a question bank: what is wrong with its lines, what it leaves out, what to add to it.

Knows a guide as its passages and questions as their vectors; nothing of files' folders, indexes or terminals.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from answering.answer import Answer, Status
from answering.bank import BankedQuestion, line_of, numbered_lines, question_of
from answering.bank_findings import Encode, Finding, Lines, Severity, alike, held_against, same_ids
from answering.precedent import folded, said_in
from ingest.documents import Frozen, Passage
from ingest.errors import GuideError

GOOD_SHARE = 0.6
"""Share of answerable questions that a bank does well with: people ask a guide about as often what it holds."""
SHARE_TOLERANCE = 0.1
"""How far the share may be off before it is worth a hint."""


class BankReport(Frozen):
    """What a check found; the JSON of `skill-guide questions check`."""

    questions: int
    """Lines that could be read."""
    answerable_share: float
    """Of the questions, 0..1."""
    kinds: dict[str, int]
    sections_without_question: tuple[str, ...]
    findings: tuple[Finding, ...]
    """By line."""
    unusable: tuple[int, ...]
    """Numbers of the lines with an error."""
    hints: tuple[str, ...]
    """On the bank as a whole."""


def checked(file: Path, passages: Sequence[Passage], encode: Encode) -> BankReport:
    """Holds a bank against the guide that it is to be about.

    Args:
        file: JSON lines, as `answering.bank` says.
        passages: of all guides.
        encode: gives unit vectors.

    Raises:
        GuideError: the file cannot be read.
    """
    lines, findings = _read(file)
    said = {section: [text for _, text in each] for section, each in said_in(passages).items()}
    known = sorted({passage.section for passage in passages})
    findings += [found for number, each in lines for found in held_against(number, each, known, said)]
    findings += same_ids(lines)
    findings += alike(lines, encode)
    named = {section for _, each in lines for section in each.sections}
    without = tuple(section for section in said if section not in named)
    share = sum(each.answerable for _, each in lines) / max(1, len(lines))
    return BankReport(
        questions=len(lines), answerable_share=round(share, 4), sections_without_question=without,
        kinds=dict(Counter(each.kind for _, each in lines).most_common()),
        findings=tuple(sorted(findings, key=lambda each: each.line)),
        unusable=tuple(sorted({each.line for each in findings if each.severity is Severity.ERROR})),
        hints=tuple(_hints(lines, without, share)),
    )  # fmt: skip


def lines_of(report: BankReport) -> Iterator[str]:
    """The report for people; a summary comes last."""
    for each in report.findings:
        yield f"line {each.line}: {each.severity}: {each.text}"
    yield from (f"hint: {each}" for each in report.hints)
    yield "kinds: " + (", ".join(f"{kind} {times}" for kind, times in report.kinds.items()) or "none")
    hints = len(report.hints) + sum(each.severity is Severity.HINT for each in report.findings)
    yield (
        f"{report.questions} questions, {report.answerable_share:.0%} answerable; {hints} hints, "
        f"{len(report.unusable)} lines that cannot be used"
    )


def complaint(file: Path, report: BankReport) -> str | None:
    """One line on how many lines cannot be used and the first of them; None where all can."""
    first = next((each for each in report.findings if each.severity is Severity.ERROR), None)
    if first is None:
        return None
    count = len(report.unusable)
    many = "1 line" if count == 1 else f"{count} lines"
    return f"{many} of {file.name} cannot be used; mend line {first.line} first: {first.text}"


def bank_line(answer: Answer) -> str:
    """A question that was not answered, as a line for a bank; its author should read it before it is added.

    Raises:
        ValueError: the question was answered.
    """
    if answer.status is Status.ANSWERED:
        raise ValueError("an answered question says nothing of what the guide lacks")
    question = answer.standalone_question or answer.question
    return line_of(question, tuple(each.section for each in answer.nearest[:1]), answer.missing)


def lines_for_bank(questions: Iterable[str], ask: Callable[[str], Answer]) -> Iterator[str]:
    """Lines for a bank of those questions that the guide was searched for in vain; each question once."""
    seen: set[str] = set()
    for question in questions:
        if not question.strip() or folded(question) in seen:
            continue
        seen.add(folded(question))
        answer = ask(question.strip())
        if answer.status is not Status.ANSWERED and answer.nearest:
            yield bank_line(answer)


def _read(file: Path) -> tuple[list[tuple[int, BankedQuestion]], list[Finding]]:
    lines, findings = [], []
    for number, line in numbered_lines(file):
        try:
            lines.append((number, question_of(line)))
        except GuideError as error:
            findings.append(Finding(line=number, severity=Severity.ERROR, text=str(error)))
    return lines, findings


def _hints(lines: Lines, without: Sequence[str], share: float) -> Iterator[str]:
    if not lines:
        yield "there is no question yet"
    elif abs(share - GOOD_SHARE) > SHARE_TOLERANCE:
        yield f"{share:.0%} of the questions are answerable; about {GOOD_SHARE:.0%} teach best"
    if without:
        yield f"no question about {', '.join(without)}"
