"""What the pages are made of: escaping, marking, tables, cards, the reader's layout, Markdown for other programs."""

import ast
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from answering.answer import Answer, Status
from answering.bank import question_of
from ingest.documents import BlockKind, Span
from ingest.parsers.outline import Outline
from ingest.tables import cells_of
from retrieval.widening import Replacement
from settings import PROJECT
from tests.fakes_ui import HOSTILE_LABEL, ScriptedAssistant, document, hostile
from ui.cards import card, confidence
from ui.components import clicked
from ui.escaping import escape_markdown
from ui.export import answer_markdown, bank_lines, conversation_markdown, literal
from ui.links import guide_link, place_params
from ui.marking import cut_at_marks, fold
from ui.reading import CHANGED, CHANGED_HERE, locate, reader
from ui.sources import CONTEXT_SHOWN

RENDERED = MarkdownIt("commonmark").enable(["table", "strikethrough"])
TITLES = {"workshop": "The workshop guide"}


def _shown(markdown: str) -> str:
    tokens = RENDERED.parse(markdown)
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    children = [child for token in tokens for child in token.children or []]
    assert {child.type for child in children} <= {"text", "text_special"}
    return "".join(child.content for child in children)


@given(st.text())
def test_escaped_markdown_shows_the_text_itself(text: str) -> None:
    plain = " ".join(escape_markdown(text).replace("\u2060", "").split())
    assert _shown(escape_markdown(text)).replace("\u2060", "") == re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", plain)


def test_escaped_markdown_holds_nothing_that_streamlit_looks_for_later() -> None:
    late = _shown(escape_markdown(HOSTILE_LABEL))
    for pattern in (r":[\w+-]+:", r":[\w-]+\[", r"://", r"www\.", r"\w@\w", r"->"):
        assert not re.search(pattern, late), pattern
    assert late.replace("\u2060", "") == HOSTILE_LABEL


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(1, 9))))
def test_cutting_at_marks_loses_nothing(text: str, marks: list[tuple[int, int, int]]) -> None:
    pieces = list(cut_at_marks(text, 5, marks))
    assert "".join(piece for piece, _ in pieces) == text
    assert all(piece for piece, _ in pieces)


@given(st.text(alphabet="ab ", max_size=400), st.integers(0, 20), st.integers(0, 20))
def test_folding_loses_nothing(text: str, head: int, tail: int) -> None:
    assert "".join(fold(text, head=head, tail=tail)) == text


@pytest.mark.parametrize(
    ("cells", "columns", "found"),
    [
        (["Python", "Easy, versatile", "Django"], ["L", "S", "F"], ["Python", "Easy, versatile", "Django"]),
        (["", "a", "b"], ["L", "S", "F"], ["", "a", "b"]),
        (["x", "", "b"], ["L", "S", "F"], ["x", "", "b"]),
        (["x", "a", ""], ["L", "S", "F"], ["x", "a", ""]),
        (["x", "", ""], ["L", "S", "F"], ["x", "", ""]),
        (["x — y", "a", "c"], ["L", "S", "F"], None),
        (["x", "a", "c"], ["L", "", "F"], None),
        (["x", "y"], [], None),
    ],
)
def test_the_cells_of_a_row_are_found(cells: list[str], columns: list[str], found: list[str] | None) -> None:
    outline = Outline()
    outline.table_row(cells, columns=columns, group=1)
    parsed = outline.finish(title="t")
    spans = cells_of(parsed.blocks[0], parsed.text)
    assert ([span.of(parsed.text) for span in spans] if spans else None) == found


def _answer(quotes: tuple[str, ...], text: str, assistant: ScriptedAssistant, **more: object) -> Answer:
    cited = tuple(assistant.citation(number, quote) for number, quote in enumerate(quotes, start=1))
    given = {"status": Status.ANSWERED, "confidence": 0.9, "milliseconds": 1.0} | more
    return Answer.model_validate(
        {"question": "q", "standalone_question": "q", "answer": text, "citations": cited} | given
    )


def test_a_number_in_brackets_is_a_marker_only_where_a_citation_bears_it() -> None:
    assistant = ScriptedAssistant()
    answer = _answer(("A hammer drives nails into wood.",), "See [7] and a[0]: done [1]", assistant)
    shown = card(answer, assistant.passage, question="q", markdown="", latest=True)
    assert shown["lines"][0]["parts"] == [{"text": "See [7] and a[0]: done"}, {"cite": 1}]


def test_a_passage_that_holds_other_words_by_now_is_not_shown_around_a_quote() -> None:
    assistant = ScriptedAssistant()
    answer = _answer(("A hammer drives nails into wood.",), "x [1]", assistant)
    changed = {
        each.id: each.model_copy(update={"text": each.text.replace("nails", "slugs")})
        for each in assistant.passage_of.values()
    }
    for passage_of in (changed.get, lambda _: None):
        runs = card(answer, passage_of, question="q", markdown="", latest=True)["sources"][0]["runs"]
        assert [run["text"].strip() for run in runs] == ["A hammer drives nails into wood."]


def test_a_long_passage_is_folded_around_its_quote() -> None:
    text = "# T\n\n" + "Alpha beta gamma. " * 30 + "The quote stands here. " + "Delta epsilon. " * 30
    assistant = ScriptedAssistant((document(text),))
    passage = next(each for each in assistant.passage_of.values() if "The quote" in each.text)
    whole = assistant.guides[0].text
    long = passage.model_copy(update={"start": 0, "end": len(whole), "text": whole, "sentences": ()})
    answer = _answer(("The quote stands here.",), "x [1]", assistant)
    runs = card(answer, lambda _: long, question="q", markdown="", latest=True)["sources"][0]["runs"]
    assert [(bool(run["cite"]), run["far"]) for run in runs] == [
        (False, True), (False, False), (True, False), (False, False), (False, True),
    ]  # fmt: skip
    assert all(len(run["text"]) <= CONTEXT_SHOWN for run in runs if not run["far"])


def test_what_is_read_as_nothing_in_the_guide_shows_no_results() -> None:
    assistant = ScriptedAssistant(script={"nail": ("A hammer drives nails into wood.",)})
    replaced = (Replacement(found="drll\u202e", meant="drill", reason="spelling"),)
    answer = assistant.ask("drll").model_copy(update={"replaced": replaced})
    shown = card(answer, assistant.passage, question="q", markdown="", latest=True)
    assert shown["replaced"] == "Looked for drill (you wrote drll)"


def test_confidence_has_a_word() -> None:
    assert [confidence(each) for each in (1.0, 0.5, 0.0)] == [
        "high (99\u00a0%)",
        "medium (50\u00a0%)",
        "low (1\u00a0%)",
    ]


def test_links_into_the_guide_stay_in_the_app_whatever_the_ids_are() -> None:
    assistant = hostile()
    place = assistant.citation(1, "Click [here](javascript:alert(1)) or now.")
    link = urlsplit(guide_link(place_params(place)))
    assert (link.scheme, link.netloc, link.path) == ("", "", "guide")
    assert parse_qs(link.query) == {name: [value] for name, value in place_params(place).items()}


def test_a_click_from_the_browser_may_hold_anything() -> None:
    assert clicked(None) == clicked("x") == clicked(["document"]) == {}
    assert clicked({"document": 1, "evil": "x", "start": None}) == {"document": "1", "start": "None"}


def test_the_reader_lays_out_the_whole_text() -> None:
    guide = document()
    shown = reader(guide, locate(guide, None, {}))
    assert [(node["kind"], node["level"]) for node in shown["nodes"]] == [
        ("heading", 1), ("paragraph", 0), ("heading", 2), ("paragraph", 0), ("paragraph", 0), ("list", 0),
        ("heading", 2), ("table", 0), ("heading", 3), ("paragraph", 0), ("code", 0),
    ]  # fmt: skip
    assert [(entry["label"], entry["depth"]) for entry in shown["contents"]] == [
        ("Hammers", 1), ("Saws", 1), ("Care of saws", 2),
    ]  # fmt: skip
    table = next(node for node in shown["nodes"] if node["kind"] == "table")
    assert table["columns"] == ["Saw", "Cuts", "Teeth"]
    assert [[cell[0]["text"] for cell in row["cells"]] for row in table["rows"]] == [
        ["Rip saw", "along the grain", "coarse"],
        ["Crosscut saw", "across the grain", "fine"],
    ]


def test_a_guide_without_a_title_shows_the_one_it_goes_by() -> None:
    guide = document("## Only\n\nText.\n").model_copy(update={"title": "file-name"})
    nodes = reader(guide, locate(guide, None, {}))["nodes"]
    assert [(node["level"], node["runs"][0]["text"]) for node in nodes if node["kind"] == "heading"] == [
        (1, "file-name"),
        (2, "Only"),
    ]


@pytest.mark.parametrize(
    "quote", ["A hammer drives nails into wood.", "Rip saw — Cuts: along the grain; Teeth: coarse"]
)
def test_a_citation_marks_its_words(quote: str) -> None:
    assistant = ScriptedAssistant()
    cited = assistant.citation(1, quote)
    target = locate(assistant.guides[0], assistant.passage(cited.passage), place_params(cited))
    assert target.span == Span(start=cited.start, end=cited.end)
    marked = [run["text"] for run in _runs(reader(assistant.guides[0], target)) if run["mark"]]
    assert marked == ([quote] if "—" not in quote else ["Rip saw", "along the grain", "coarse"])


def _runs(shown: object) -> list[dict[str, object]]:
    """Every run of a layout, wherever it stands."""
    if isinstance(shown, dict):
        return [shown] if "mark" in shown else [run for value in shown.values() for run in _runs(value)]
    return [run for value in shown for run in _runs(value)] if isinstance(shown, list) else []


@pytest.mark.parametrize("start", ["", "-1", "x", "9" * 400, "99999", "²", "5"])
def test_odd_offsets_mark_the_passage(start: str) -> None:
    assistant = ScriptedAssistant()
    passage = next(iter(assistant.passage_of.values()))
    target = locate(assistant.guides[0], passage, {"passage": passage.id, "start": start, "end": "4"})
    assert target.span == Span(start=passage.sentences[0].start, end=passage.end)


def test_a_passage_that_is_gone_opens_its_section() -> None:
    guide = document()
    gone = locate(guide, None, {"passage": "gone", "section": "saws", "start": "0", "end": "3"})
    assert (gone.span, gone.section, gone.notice) == (None, "saws", CHANGED_HERE)
    assert locate(guide, None, {"passage": "gone"}).notice == CHANGED


def test_an_answer_as_markdown_names_its_sources() -> None:
    assistant = ScriptedAssistant()
    text = answer_markdown("What does a *hammer* do?", assistant.ask("hammer"), TITLES)
    assert text.startswith("**Question:** What does a \\*hammer\\* do?\n\nA hammer drives nails into wood. [1]\n")
    url = assistant.citation(1, "A hammer drives nails into wood.").url
    assert f"[1] [The workshop guide › Hammers]({url}):\n> A hammer drives nails into wood." in text
    assert "Not in" not in text
    everything = conversation_markdown([("a", assistant.ask("paint")), ("b", assistant.ask("drill"))], TITLES)
    assert everything.count("**Question:**") == 2
    assert "*The guide does not say:* paint" in everything
    assert "**Nearest sections**" in everything
    assert "*Note, not from the guide:* Drill: A tool that makes holes. (glossary.yaml)" in everything


def test_what_else_the_guide_says_is_no_part_of_an_answer_as_markdown() -> None:
    answer = ScriptedAssistant().ask("hammer")
    assert answer.more[0].quote == "It weighs 500 grams."
    assert answer.more[0].quote not in answer_markdown("hammer", answer, TITLES)


def test_only_what_was_searched_for_in_vain_is_offered_to_the_bank() -> None:
    asked = [ScriptedAssistant().ask(question) for question in ("hammer", "paint?", "?!", "drill?", "paint?")]
    lines = [question_of(line) for line in bank_lines(asked).splitlines()]
    assert [(line.question, line.answerable, line.missing) for line in lines] == [
        ("paint?", False, "paint"), ("drill?", False, "drills"),
    ]  # fmt: skip
    assert not bank_lines(asked[:1])


def test_markdown_for_other_programs_holds_no_markup_of_the_text() -> None:
    text = answer_markdown(HOSTILE_LABEL, hostile().ask("a"), {})
    tokens = [child for token in RENDERED.parse(text) for child in token.children or []]
    assert not [token for token in tokens if token.type in {"image", "html_inline", "code_inline"}]
    links = [str(token.attrs["href"]) for token in tokens if token.type == "link_open"]
    assert links
    assert all(link.startswith("http://localhost:8501/guide?") for link in links)


def test_text_as_markdown_stays_good_to_read() -> None:
    assert literal("1. C# is 2-3 [1] and a_b\n- x") == "1\\. C# is 2-3 [1] and a\\_b\n\\- x"


@pytest.mark.parametrize(
    "path", [*sorted((PROJECT / "ui").rglob("*.py")), PROJECT / "app.py"], ids=lambda path: path.name
)
def test_pages_show_no_html_of_the_data(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert "unsafe_allow_html" not in ast.unparse(tree)
    called = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert {call for call in called if call.startswith("st.html(")} <= {"st.html(_STYLE)"}


def test_scripts_put_data_in_as_text_only() -> None:
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in (PROJECT / "ui" / "web").glob("*.js"))
    assert not re.findall(r"\.(?:inner|outer)HTML|insertAdjacentHTML|document\.write|\beval\(|new Function", scripts)
    assert not re.findall(r"https?://(?!www\.w3\.org/2000/svg)", scripts)
    assert BlockKind.CODE.value in scripts
