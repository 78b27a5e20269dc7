"""Calls of a parser in, reading text with sections and blocks out."""

import pytest

from ingest.documents import BlockKind
from ingest.parsers.outline import HIDDEN_FLAG, ROOT, Outline, slug


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("What is a Saw?", "what-is-a-saw"),
        ("3. Understanding of Databases", "understanding-of-databases"),
        ("2.1 NoSQL", "nosql"),
        ("Chapter 4: Testing", "testing"),
        ("12) Twelve", "twelve"),
        ("3D printing", "3d-printing"),
        ("2024", "2024"),
        ("The user's guide – it’s short", "the-users-guide-its-short"),
        ("Größe", "grösse"),
        ("ﬁle ①", "file-1"),
        ("数据库", "数据库"),
        ("???", "section"),
        ("_private_", "private"),
    ],
)
def test_slug(heading: str, expected: str) -> None:
    assert slug(heading) == expected


def test_blocks_are_spans_of_the_text_with_a_blank_line_between() -> None:
    outline = Outline()
    outline.title("Tools")
    outline.paragraph("Two  are\nenough.")
    outline.code("\nx = 1   \n\ny = 2\n")
    parsed = outline.finish()
    assert parsed.text == "Tools\n\nTwo are enough.\n\nx = 1\n\ny = 2"
    assert [block.of(parsed.text) for block in parsed.blocks] == ["Tools", "Two are enough.", "x = 1\n\ny = 2"]
    assert [block.kind for block in parsed.blocks] == [BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.CODE]


def test_a_section_ends_at_the_next_heading_of_its_level_or_above() -> None:
    outline = Outline()
    for text, level in [("A", 1), ("B", 2), ("C", 3), ("D", 2), ("E", 1)]:
        outline.heading(text, level)
        outline.paragraph(f"on {text}")
    parsed = outline.finish()
    assert [(each.id, each.parent, each.headings) for each in parsed.sections] == [
        ("a", None, ("A",)),
        ("a/b", "a", ("A", "B")),
        ("a/b/c", "a/b", ("A", "B", "C")),
        ("a/d", "a", ("A", "D")),
        ("e", None, ("E",)),
    ]
    texts = {each.id: each.of(parsed.text).strip().replace("\n\n", " ") for each in parsed.sections}
    assert texts["a"] == "A on A B on B C on C D on D"
    assert texts["a/b"] == "B on B C on C"
    assert texts["e"] == "E on E"
    assert [block.section for block in parsed.blocks][::2] == ["a", "a/b", "a/b/c", "a/d", "e"]


def test_levels_may_be_left_out() -> None:
    outline = Outline()
    outline.heading("Deep", 4)
    outline.heading("Deeper", 6)
    outline.heading("Up", 2)
    assert [(each.id, each.parent) for each in outline.finish().sections] == [
        ("deep", None),
        ("deep/deeper", "deep"),
        ("up", None),
    ]


def test_the_same_heading_again_gets_a_number() -> None:
    outline = Outline()
    for text, level in [("Use", 1), ("Use", 1), ("Cost", 2), ("Cost", 2), ("Use", 1)]:
        outline.heading(text, level)
    assert [each.id for each in outline.finish().sections] == ["use", "use-2", "use-2/cost", "use-2/cost-2", "use-3"]


def test_a_number_that_is_taken_by_a_heading_is_passed_over() -> None:
    outline = Outline()
    for text in ["Use 2", "Use", "Use"]:
        outline.heading(text, 1)
    assert [each.id for each in outline.finish().sections] == ["use-2", "use", "use-3"]


def test_the_title_is_the_root_and_no_part_of_ids_or_headings() -> None:
    outline = Outline()
    outline.title("Two tools")
    outline.paragraph("In short.")
    outline.heading("Saws", 2)
    parsed = outline.finish(title="Another")
    assert parsed.title == "Two tools"
    assert [(each.id, each.level, each.headings) for each in parsed.sections] == [
        ("two-tools", 0, ("Two tools",)),
        ("saws", 2, ("Saws",)),
    ]


def test_a_title_in_the_middle_ends_what_stands_before_it() -> None:
    outline = Outline()
    outline.paragraph("Before.")
    outline.heading("Early", 2)
    outline.title("Title")
    outline.paragraph("After.")
    parsed = outline.finish()
    assert [each.of(parsed.text).strip() for each in parsed.sections] == ["Before.", "Early", "Title\n\nAfter."]


def test_text_without_any_heading_stands_in_one_section() -> None:
    outline = Outline()
    outline.paragraph("Only this.")
    parsed = outline.finish(title="From elsewhere")
    assert parsed.title == "From elsewhere"
    assert [(each.id, each.headings) for each in parsed.sections] == [(ROOT, ())]


def test_list_items_follow_each_other_and_know_what_introduces_them() -> None:
    outline = Outline()
    outline.heading("Saws", 1)
    outline.paragraph("Kinds:")
    outline.list_item("hand saw", group=1)
    outline.list_item("of steel", group=1, depth=1)
    outline.list_item("2. band saw", group=1)
    outline.list_item("alone", group=2)
    parsed = outline.finish()
    assert parsed.text == "Saws\n\nKinds:\n\n• hand saw\n  • of steel\n2. band saw\n\n• alone"
    items = [block for block in parsed.blocks if block.kind is BlockKind.LIST_ITEM]
    assert [each.of(parsed.text) for each in items] == ["hand saw", "of steel", "2. band saw", "alone"]
    assert [each.depth for each in items] == [0, 1, 0, 0]
    assert [each.lead_in.of(parsed.text) if each.lead_in else None for each in items] == ["Kinds:"] * 3 + [None]


def test_a_paragraph_of_another_section_introduces_nothing() -> None:
    outline = Outline()
    outline.paragraph("Kinds:")
    outline.heading("Saws", 1)
    outline.list_item("hand saw", group=1)
    assert outline.finish().blocks[-1].lead_in is None


def test_a_list_may_say_that_nothing_introduces_it() -> None:
    outline = Outline()
    outline.paragraph("Not about the list.")
    outline.list_item("hand saw", group=1, lead_in=False)
    assert outline.finish().blocks[-1].lead_in is None


@pytest.mark.parametrize(
    ("cells", "columns", "expected"),
    [
        (["Saw", "wood", "steel"], ["Tool", "Cuts", "Made of"], "Saw — Cuts: wood; Made of: steel"),
        (["Saw", "", "steel"], ["Tool", "Cuts", "Made of"], "Saw — Made of: steel"),
        (["", "wood"], ["Tool", "Cuts"], "Cuts: wood"),
        (["Saw", "wood"], ["Tool", ""], "Saw — wood"),
        (["Saw"], ["Tool"], "Saw"),
        (["Saw", "wood", "more"], ["Tool", "Cuts"], "Saw — Cuts: wood; more"),
        (["Tool", "", "Cuts"], [], "Tool | Cuts"),
    ],
)
def test_a_table_row_can_be_read_without_its_table(cells: list[str], columns: list[str], expected: str) -> None:
    outline = Outline()
    outline.paragraph("Compared:")
    outline.table_row(cells, columns=columns, group=1)
    parsed = outline.finish()
    row = parsed.blocks[-1]
    assert (row.kind, row.of(parsed.text), row.columns) == (BlockKind.TABLE_ROW, expected, tuple(columns))
    assert row.lead_in is not None
    assert row.lead_in.of(parsed.text) == "Compared:"


def test_what_is_empty_leaves_no_trace() -> None:
    outline = Outline()
    outline.title("  ")
    outline.heading("\u200b", 1)
    outline.paragraph("\n")
    outline.list_item("", group=1)
    outline.table_row(["", ""], columns=["a", "b"], group=2)
    outline.code("\n  \n")
    parsed = outline.finish()
    assert (parsed.text, parsed.sections, parsed.blocks, parsed.title) == ("", (), (), "")


@pytest.mark.parametrize("method", ["title", "paragraph", "code"])
def test_hidden_characters_are_taken_out_and_flagged(method: str) -> None:
    outline = Outline()
    getattr(outline, method)("ha\u200bnd\u202e saw")
    parsed = outline.finish(flags=["mine"])
    assert parsed.text == "hand saw"
    assert parsed.flags == ("mine", HIDDEN_FLAG)


def test_plain_text_is_not_flagged() -> None:
    outline = Outline()
    outline.paragraph("Größe 👩‍💻 ok\ttab")
    assert outline.finish().flags == ()
