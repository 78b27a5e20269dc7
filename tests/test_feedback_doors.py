"""Thumbs, gaps and their commands, through both front doors."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import cli
from answering.journal import Journal
from settings import PREFIX
from tests.fakes_ui import ScriptedAssistant, way
from tests.pages import ask, opened, press, settled, started, texts
from ui.holder import offer

pytestmark = pytest.mark.usefixtures("nothing_offered")


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Journal:
    monkeypatch.setenv(f"{PREFIX}FEEDBACK_FOLDER", str(tmp_path / "kept"))
    return Journal(tmp_path / "kept")


@pytest.fixture
def app(journal: Journal) -> AppTest:
    offer(way(ScriptedAssistant(), journal=journal))
    return opened()


def gaps_page() -> AppTest:
    return settled(started().switch_page("ui/gaps.py").run())


def test_a_thumb_is_kept_at_once_and_its_word_when_it_is_sent(app: AppTest, journal: Journal) -> None:
    ask(app, "What does a hammer do?")
    app.feedback[0].set_value(0).run()
    assert [(each.good, each.word) for each in journal.ratings()] == [(False, "")]
    app.text_input[0].set_value("too short")
    press(app, "Send")
    assert [(each.good, each.word) for each in journal.ratings()] == [(False, "too short")]
    app.feedback[0].set_value(1).run()
    assert [(each.good, each.word, each.question) for each in journal.ratings()] == [
        (True, "too short", "What does a hammer do?")
    ]


def test_a_thumb_that_cannot_be_kept_says_so(app: AppTest, journal: Journal) -> None:
    ask(app, "What does a hammer do?")
    journal.folder.write_text("in the way")
    app.feedback[0].set_value(1).run()
    assert "cannot be written" in app.error[0].value
    assert not app.exception


def test_what_was_asked_in_vain_stands_on_the_page_of_gaps(app: AppTest, journal: Journal) -> None:
    for question in ("How do I paint a chair?", "How do I paint a chair?", "What does a hammer do?"):
        ask(app, question)
    assert [each.question for each in journal.gaps()] == ["How do I paint a chair?"] * 2
    page = gaps_page()
    assert "How do I paint a chair?" in texts(page)
    assert any(each.startswith("Asked 2 times") and "lacks: paint" in each for each in texts(page))
    assert len(page.markdown) == 2, "beside what the page is for, and what is deleted, it shows docstrings of its own"
    press(page, "Delete")
    assert journal.gaps() == () and page.info[0].value == "No question went unanswered so far."


def test_what_cannot_be_forgotten_is_said(app: AppTest, journal: Journal) -> None:
    ask(app, "How do I paint a chair?")
    (journal.folder / "ratings.jsonl").mkdir()
    page = press(gaps_page(), "Delete")
    assert "cannot be deleted" in page.error[0].value and not page.exception
    assert len(journal.gaps()) == 1


def test_without_a_journal_there_are_no_thumbs() -> None:
    offer(way(ScriptedAssistant()))
    assert not ask(opened(), "What does a hammer do?").feedback


def test_switched_off_the_app_has_no_page_of_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}FEEDBACK", "false")
    offer(way(ScriptedAssistant()))
    with pytest.raises(Exception, match="gaps"):
        gaps_page()


def test_the_terminal_shows_ratings(
    journal: Journal, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*arguments: str) -> tuple[object, str, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(list(arguments))
        return ended.value.code, *capfd.readouterr()

    assert run("feedback") == (0, "No rating so far.\n", "")
    journal.rate("a", ScriptedAssistant().ask("What does a hammer do?"), good=True, word="clear")
    code, out, _ = run("feedback")
    assert (code, "good answered  What does a hammer do?: clear" in out, "1 ratings, 1 good, 0 bad" in out) == (
        0,
        True,
        True,
    )
    assert json.loads(run("feedback", "--json")[1])[0]["word"] == "clear"
    monkeypatch.setenv(f"{PREFIX}FEEDBACK", "false")
    code, _, err = run("feedback")
    assert (code, "switched off" in err) == (2, True)
