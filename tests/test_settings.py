from pathlib import Path

import pytest
from pydantic import ValidationError

from ingest.errors import GuideError
from settings import PREFIX, PROJECT, Settings, load_settings


def test_defaults_need_no_environment() -> None:
    settings = load_settings()
    assert (settings.content, settings.index) == (PROJECT / "content", PROJECT / ".index")
    assert (settings.model, settings.precision, settings.port) == ("", "auto", 8501)


def test_the_environment_chooses(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SKILL_GUIDE_CONTENT", str(tmp_path))
    monkeypatch.setenv("SKILL_GUIDE_PORT", "9000")
    assert (load_settings().content, load_settings().port) == (tmp_path, 9000)


def test_a_choice_made_in_the_call_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILL_GUIDE_PORT", "9000")
    assert load_settings(port=9001).port == 9001
    assert load_settings(port=None).port == 9000


def test_an_empty_variable_is_no_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILL_GUIDE_PORT", "")
    assert load_settings().port == 8501


def test_folders_are_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SKILL_GUIDE_CONTENT", "guides")
    monkeypatch.setenv("SKILL_GUIDE_INDEX", "~/index")
    settings = load_settings()
    assert (settings.content, settings.index) == (tmp_path / "guides", tmp_path / "index")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "80\n81"),
        ("PORT", "8" * 5000),
        ("PRECISION", "int8"),
        ("CONTENT", "~nobody-of-that-name/guides"),
        ("QUESTION_LIMIT", "-1"),
        ("GENERATIONS_KEPT", "0"),
        ("CHROMA_DEADLINE_SECONDS", "0"),
        ("CHROMA_DEADLINE_SECONDS", "inf"),
        ("CHROMA_DEADLINE_SECONDS", "nan"),
    ],
)
def test_a_wrong_value_gets_one_line_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(GuideError) as caught:
        load_settings()
    message = str(caught.value)
    assert message.startswith(PREFIX + name)
    assert message.isprintable()
    assert len(message) < 200


def test_a_wrong_option_is_named_as_one() -> None:
    with pytest.raises(GuideError, match=r"^--question-limit cannot be 'many'"):
        load_settings(question_limit="many")


def test_every_choice_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load_settings().port = 1  # type: ignore[misc]
