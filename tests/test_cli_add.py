"""`skill-guide add` takes a page or a file into the folder of guides, and never writes over one."""

import json
from pathlib import Path

import pytest

from tests import test_cli
from tests.conftest import SmallContent
from tests.fakes_web import answering, serving

run, small = test_cli.run, test_cli.small


def test_a_file_is_copied_and_the_next_step_named(run: test_cli.Run, small: tuple[object, ...], tmp_path: Path) -> None:
    (tmp_path / "New saws.md").write_text("# New saws\n\nThey cut steel.", encoding="utf-8")
    code, out, err = run("add", tmp_path / "New saws.md", *small)
    assert (code, out, err) == (0, "New saws.md: stored, 27 bytes; now run: skill-guide build\n", "")
    assert run("search", "steel", "-k", 1, *small)[0] == 0
    assert "They cut steel." in run("show", "new-saws", *small)[1]
    assert run("add", tmp_path / "New saws.md", *small)[1].startswith("New saws.md: was there already, unchanged")
    (tmp_path / "New saws.md").write_text("# Other", encoding="utf-8")
    code, out, err = run("add", tmp_path / "New saws.md", *small)
    assert (code, out) == (2, "") and "is there already, with other content" in test_cli._one_line(err)


def test_a_page_is_fetched_stored_and_built(run: test_cli.Run, small: tuple[object, ...]) -> None:
    with serving(answering(b"# Pages\n\nA page of words.", "text/markdown")) as port:
        address = f"http://127.0.0.1:{port}/pages"
        code, out, err = run("add", address, *small)
        assert (code, out) == (2, "") and "--allow-private allows it" in test_cli._one_line(err)
        code, out, err = run("add", address, "--allow-private", "--build", "--name", "my pages.md", "--json", *small)
    assert (code, err) == (0, "")
    assert json.loads(out) == {"name": "my pages.md", "bytes": 25, "was_there": False, "source": address}
    assert "A page of words." in run("show", "my-pages", *small)[1]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("nowhere.md", "there is no file nowhere.md: check the path"),
        (".", "is not a regular file"),
        ("/dev/zero", "is not a regular file"),
        ("http://169.254.169.254/latest", "on this machine or a private network"),
        ("ftp://example.com/x.md", "only http and https"),
        ("http://example.com:22/", "port 22"),
    ],
)
def test_what_cannot_be_taken_in_is_one_line(
    run: test_cli.Run,
    small: tuple[object, ...],
    source: str,
    says: str,
) -> None:
    code, out, err = run("add", source, *small)
    assert (code, out) == (2, "") and says in test_cli._one_line(err)


def test_a_file_that_cannot_be_read_says_so_after_the_build(
    run: test_cli.Run,
    small: tuple[object, ...],
    small_content: SmallContent,
    tmp_path: Path,
) -> None:
    (tmp_path / "bad.md").write_text("---\na: [\n---\nwords", encoding="utf-8")
    code, _, err = run("add", tmp_path / "bad.md", "--build", *small)
    assert code == 2 and "bad.md is in the folder but cannot be read: it has front matter" in test_cli._one_line(err)
