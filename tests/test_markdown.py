"""Markdown in, plain reading text with its structure out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.cleaning import has_hidden
from ingest.documents import Block, BlockKind
from ingest.errors import GuideError
from ingest.parsers.markdown import parse_markdown
from ingest.parsers.outline import HIDDEN_FLAG, Parsed


def _texts(parsed: Parsed, kind: BlockKind) -> list[str]:
    return [each.of(parsed.text) for each in _blocks(parsed, kind)]


def _blocks(parsed: Parsed, kind: BlockKind) -> list[Block]:
    return [block for block in parsed.blocks if block.kind is kind]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**bold** *it* ***both*** ~~gone~~", "bold it both gone"),
        ("a [link](https://example.org 'title') here", "a link here"),
        ("[ref][1]\n\n[1]: https://example.org", "ref"),
        ("<https://example.org>", "https://example.org"),
        ("![a saw](saw.png) and ![](x.png)", "a saw and"),
        ("`code | here`", "code | here"),
        ("line one\nline two  \nline three\\\nfour", "line one line two line three four"),
        ("one<br>two <b>bold</b> <!-- note -->", "one two bold"),
        ("5 &lt; 6 &amp; &copy; \\*not bold\\*", "5 < 6 & © *not bold*"),
        ("> quoted\n> words", "quoted words"),
        ("above\n\n---\n\nbelow", "above\n\nbelow"),
    ],
)
def test_the_reading_text_is_plain(markdown: str, text: str) -> None:
    assert parse_markdown(markdown).text == text


def test_one_first_level_heading_is_the_title() -> None:
    parsed = parse_markdown("---\ntitle: From the front\n---\n# Tools\n\nBoth.\n\n## Saws\n\n### Teeth\n\n## Nails")
    assert parsed.title == "Tools"
    assert [(each.id, each.level) for each in parsed.sections] == [
        ("tools", 0), ("saws", 2), ("saws/teeth", 3), ("nails", 2),
    ]  # fmt: skip


def test_several_first_level_headings_are_sections() -> None:
    parsed = parse_markdown("---\ntitle: Tools\n---\n# Saws\n\n## Use\n\n# Nails\n\n## Use")
    assert parsed.title == "Tools"
    assert [(each.id, each.level) for each in parsed.sections] == [
        ("saws", 1), ("saws/use", 2), ("nails", 1), ("nails/use", 2),
    ]  # fmt: skip


def test_a_quoted_heading_is_not_the_title() -> None:
    parsed = parse_markdown("# Tools\n\n> # Saws\n> cut\n")
    assert parsed.title == "Tools"
    assert [each.id for each in parsed.sections] == ["tools", "saws"]


def test_underlined_headings_count() -> None:
    parsed = parse_markdown("Tools\n=====\n\nSaws\n----\n")
    assert [each.heading for each in parsed.sections] == ["Tools", "Saws"]


def test_marks_in_headings_are_left_out() -> None:
    parsed = parse_markdown("# T\n\n## 3. *Databases*: `SQL` & [NoSQL](x)")
    assert (parsed.sections[1].heading, parsed.sections[1].id) == ("3. Databases: SQL & NoSQL", "databases-sql-nosql")


def test_front_matter_is_metadata_and_not_text() -> None:
    parsed = parse_markdown(
        "---\ntitle: Tools\ndate: 2026-11-22\nbased on:\n  title: Saws\n  pages: 3\ntags: [a, b]\nempty:\n---\n\nText."
    )
    assert parsed.text == "Text."
    assert dict(parsed.metadata) == {
        "title": "Tools", "date": "2026-11-22", "based on.title": "Saws", "based on.pages": "3", "tags": "a, b",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("front", "key", "value"),
    [("language: no", "language", "no"), ("date: 2026-13-45", "date", "2026-13-45"), ("n: 012", "n", "012")],
)
def test_front_matter_is_taken_as_it_is_written(front: str, key: str, value: str) -> None:
    assert parse_markdown(f"---\n{front}\n---\ntext").metadata[key] == value


@pytest.mark.parametrize(
    ("front", "line"),
    [
        ("title: [a", 2),
        ("title: a\nnote: b: c", 3),
        ("a: 1\nb: {", 3),
        ("a: &a {b: *a}", 2),
        ("a: *nowhere", 2),
        ("\tx: 1", 2),
        ("a: " + "[" * 3000, 2),
    ],
)
def test_front_matter_that_is_not_yaml_is_refused_with_its_line(front: str, line: int) -> None:
    with pytest.raises(GuideError, match=rf"front matter that is not YAML \(line {line}\)"):
        parse_markdown(f"---\n{front}\n---\ntext")


@pytest.mark.parametrize("front", ["", "just words", "- a\n- b", "# note"])
def test_front_matter_without_keys_says_nothing(front: str) -> None:
    parsed = parse_markdown(f"---\n{front}\n---\ntext")
    assert (dict(parsed.metadata), parsed.text) == ({}, "text")


def test_a_list_knows_its_lead_in_its_group_and_its_nesting() -> None:
    parsed = parse_markdown("Use a saw. Kinds:\n\n- hand\n  - fine\n    - very\n- band\n\nNext:\n\n* other")
    items = _blocks(parsed, BlockKind.LIST_ITEM)
    assert [(each.of(parsed.text), each.depth, each.group) for each in items] == [
        ("hand", 0, 1), ("fine", 1, 1), ("very", 2, 1), ("band", 0, 1), ("other", 0, 2),
    ]  # fmt: skip
    leads = [each.lead_in.of(parsed.text) for each in items if each.lead_in]
    assert leads == ["Use a saw. Kinds:"] * 4 + ["Next:"]
    assert "• hand\n  • fine\n    • very\n• band" in parsed.text


def test_an_ordered_list_keeps_its_numbers() -> None:
    parsed = parse_markdown("3. saw\n3. sand\n   1. fine\n4. paint")
    assert _texts(parsed, BlockKind.LIST_ITEM) == ["3. saw", "4. sand", "1. fine", "5. paint"]
    assert parsed.text == "3. saw\n4. sand\n  1. fine\n5. paint"


def test_an_item_of_two_paragraphs_is_two_blocks_of_one_list() -> None:
    parsed = parse_markdown("- one\n\n  more of one\n\n- two")
    assert [(each.of(parsed.text), each.group) for each in parsed.blocks] == [
        ("one", 1), ("more of one", 1), ("two", 1),
    ]  # fmt: skip


def test_code_keeps_its_lines_and_is_not_read_as_markdown() -> None:
    parsed = parse_markdown("```python\nfor x in y:\n    print('**x**')\n# no heading\n```\n\n    indented\n")
    assert _texts(parsed, BlockKind.CODE) == ["for x in y:\n    print('**x**')\n# no heading", "indented"]
    assert [each.id for each in parsed.sections] == ["text"]


def test_a_table_becomes_rows_that_can_be_read_alone() -> None:
    parsed = parse_markdown(
        "Compared:\n\n| Tool | **Cuts** | Made of |\n|---|:-:|--|\n| Saw | `wood` | [steel](x) |\n| Knife | bread |\n"
    )
    rows = _blocks(parsed, BlockKind.TABLE_ROW)
    assert [each.of(parsed.text) for each in rows] == ["Saw — Cuts: wood; Made of: steel", "Knife — Cuts: bread"]
    assert {each.columns for each in rows} == {("Tool", "Cuts", "Made of")}
    assert {each.group for each in rows} == {1}
    assert [each.lead_in.of(parsed.text) for each in rows if each.lead_in] == ["Compared:"] * 2


def test_a_table_without_rows_shows_its_header() -> None:
    assert parse_markdown("| Tool | Cuts |\n|---|---|\n").text == "Tool | Cuts"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<table><tr><td>saw</td><td>wood</td></tr></table>", "saw wood"),
        ("<script>alert('x')</script>\n", ""),
        ("<style>p {color: red}</style>\n", ""),
        ("<!-- hidden\nnote -->", ""),
        ("<div onclick='x()'>\ncut &lt; saw\n</div>", "cut < saw"),
        ("<div>\n<![FOO[ x\n</div>\n\nafter", "after"),
        ("<div><![if !vml]>kept<![endif]></div>", "kept"),
        ("<?php echo 1; ?>", ""),
    ],
)
def test_html_gives_its_words_only(html: str, text: str) -> None:
    assert parse_markdown(html).text == text


def test_hidden_characters_are_taken_out_and_flagged() -> None:
    parsed = parse_markdown("# Sa\u200bws\n\n- cut\u202e wood\n\n`x\u00ady`")
    assert parsed.text == "Saws\n\n• cut wood\n\nxy"
    assert parsed.flags == (HIDDEN_FLAG,)
    assert parse_markdown("# Saws").flags == ()


@pytest.mark.parametrize("markdown", ["", "\n\n", "---\n---\n", "[a]: b", "#", "- \n-", "<!-- -->"])
def test_nothing_to_read_gives_an_empty_text(markdown: str) -> None:
    parsed = parse_markdown(markdown)
    assert (parsed.text, parsed.blocks) == ("", ())


SIGNS = st.text(alphabet="#->*_`~[]()!<&|:\\ \n\t1.a\u200b\u0301é\r\x00", max_size=120)


@settings(deadline=None, max_examples=150)
@given(SIGNS | st.text(max_size=60))
def test_any_text_is_read_into_blocks_that_do_not_overlap(markdown: str) -> None:
    try:
        parsed = parse_markdown(markdown)
    except GuideError:
        return
    ends = [0, *(block.end for block in parsed.blocks)]
    assert all(block.start >= end for block, end in zip(parsed.blocks, ends, strict=False))
    assert all(block.of(parsed.text).strip() for block in parsed.blocks)
    by_id = {section.id: section for section in parsed.sections}
    assert len(by_id) == len(parsed.sections)
    assert all(by_id[block.section].covers(block) for block in parsed.blocks)
    assert not has_hidden(parsed.text)


@pytest.mark.parametrize("depth", [15, 25, 90])
def test_what_is_nested_deeply_is_kept(depth: int) -> None:
    lists = "\n".join("  " * level + f"- item {level}" for level in range(depth))
    assert parse_markdown(lists).text.endswith(f"item {depth - 1}")
    assert parse_markdown("> " * depth + "the end").text == "the end"


@pytest.mark.parametrize("text", ["\n".join("  " * level + "- item" for level in range(150)), "> " * 250 + "the end"])
def test_what_is_nested_too_deeply_is_refused_rather_than_cut_short(text: str) -> None:
    with pytest.raises(GuideError, match="nested 200 deep"):
        parse_markdown(text)


def test_a_second_paragraph_of_an_item_goes_on_without_a_bullet_and_code_breaks_no_list() -> None:
    parsed = parse_markdown("Do:\n\n- One\n\n  More of one\n\n  ```\n  x\n  ```\n\n- Two\n")
    assert parsed.text == "Do:\n\n• One\n  More of one\n\nx\n\n• Two"
    items = [block for block in parsed.blocks if block.group is not None]
    assert [item.lead_in.of(parsed.text) for item in items if item.lead_in] == ["Do:"] * 3
