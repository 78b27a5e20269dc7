"""Plain text gets its structure back: title, headings, lists, tables, code; a menu in front is left out."""

import re
from pathlib import Path

import pytest

from ingest.documents import Block, BlockKind
from ingest.parsers.outline import HIDDEN_FLAG, Parsed
from ingest.parsers.text import parse_text

DATA = Path(__file__).parent / "data"
PROSE = "This is a sentence that is long enough to be taken for running text."


def _read(name: str) -> Parsed:
    return parse_text((DATA / name).read_text(encoding="utf-8"))


def _headings(parsed: Parsed) -> list[tuple[int, str]]:
    return [(section.level, section.heading) for section in parsed.sections]


def _blocks(parsed: Parsed, kind: BlockKind) -> list[Block]:
    return [block for block in parsed.blocks if block.kind is kind]


def _texts(parsed: Parsed, kind: BlockKind) -> list[str]:
    return [block.of(parsed.text) for block in _blocks(parsed, kind)]


def _lead_in(parsed: Parsed, block: Block) -> str | None:
    return block.lead_in.of(parsed.text) if block.lead_in else None


def test_a_pasted_page_has_the_title_and_the_sections_of_its_article() -> None:
    parsed = _read("pasted_page.txt")
    assert parsed.title == "How to Look After Your Bicycle All Year Round"
    assert _headings(parsed) == [
        (0, "How to Look After Your Bicycle All Year Round"),
        (2, "Why Care at All?"),
        (2, "1. Weekly Work"),
        (3, "Chain"),
        (3, "Brakes (Rim)"),
        (2, "2. Work for Each Season"),
        (3, "Winter"),
        (3, "Workshop"),
    ]
    assert parsed.sections[3].id == "weekly-work/chain"


def test_the_menu_before_a_pasted_page_is_left_out_and_reported() -> None:
    parsed = _read("pasted_page.txt")
    assert parsed.flags == ("left out 19 lines of a menu before and after the title",)
    assert not any(word in parsed.text for word in ("Cargo", "Hardtail", "Back to all", "Spokes", "DIY"))


def test_list_items_know_the_line_that_introduces_them() -> None:
    parsed = _read("pasted_page.txt")
    items = _blocks(parsed, BlockKind.LIST_ITEM)
    assert [item.of(parsed.text) for item in items] == [
        "Rag: An old shirt does the job.",
        "Oil: A light one for dry weather, a heavy one for rain.",
        "Gauge: Tells how far the chain has stretched.",
    ]
    assert {_lead_in(parsed, item) for item in items} == {"Tools for the chain:"}


def test_a_table_that_lost_its_columns_keeps_its_rows_whole_and_gets_no_columns() -> None:
    parsed = _read("pasted_page.txt")
    rows = _blocks(parsed, BlockKind.TABLE_ROW)
    assert [row.of(parsed.text) for row in rows] == [
        "Part Sign of Wear Usual Life",
        "Chain feels loose, skips teeth about 3000 km",
        "Brake pads less than one millimetre left about 2000 km",
        "Tyres cracks or flat spots about 5000 km",
    ]
    assert {row.columns for row in rows} == {()}
    assert {_lead_in(parsed, row) for row in rows} == {"Here is what wears out, and how you notice it:"}


def test_a_hand_wrapped_manual_keeps_its_numbered_sections() -> None:
    assert _headings(_read("hand_wrapped.txt")) == [
        (0, "THE KETTLE HANDBOOK"),
        (2, "Table of Contents"),
        (2, "1. Introduction"),
        (3, "1.1. What a kettle is, and what it is not, whatever shops may say about it in their lists"),
        (2, "2. Use"),
        (3, "2.1. Boiling water"),
    ]


def test_wrapped_lines_become_one_paragraph() -> None:
    paragraphs = _texts(_read("hand_wrapped.txt"), BlockKind.PARAGRAPH)
    assert paragraphs[1] == (
        "This handbook tells what a kettle does and how it is used. It is wrapped by hand at about seventy columns, "
        "as people did when lines were printed, and its text stands in from its headings."
    )


def test_nested_and_continued_items() -> None:
    parsed = _read("hand_wrapped.txt")
    items = [item for item in _blocks(parsed, BlockKind.LIST_ITEM) if item.section.endswith("in-their-lists")]
    assert [(item.depth, item.of(parsed.text)) for item in items] == [
        (0, "stove kettles, which stand on a flame. They"),
        (1, "whistle when the water boils;"),
        (1, "have no cord."),
        (
            0,
            "electric kettles, which have an element of their own. They are faster, and most of them switch "
            "themselves off. Some keep the water warm for an hour.",
        ),
    ]
    assert len({item.group for item in items}) == 1


def test_numbers_stay_with_their_items() -> None:
    steps = [text for text in _texts(_read("hand_wrapped.txt"), BlockKind.LIST_ITEM)][-3:]
    assert steps == ["1. Fill the kettle.", "2. Put it on its base and close the lid.", "3. Press the switch."]


def test_code_and_verse_keep_their_lines() -> None:
    commands, verse = _texts(_read("hand_wrapped.txt"), BlockKind.CODE)
    assert commands == "$ kettle --on\n$ kettle --wait\n\nstate = boiling"
    assert verse.splitlines()[0] == "The kettle sings upon the stove,"
    assert len(verse.splitlines()) == 4


def test_lines_that_are_not_wrapped_stand_for_themselves() -> None:
    verse = ["The kettle sings upon the stove and hums,", "The cat has gone to sleep upon her chair,"]
    assert _texts(parse_text("\n".join([*verse, *verse])), BlockKind.PARAGRAPH) == [*verse, *verse]


def test_aligned_and_drawn_tables_have_columns() -> None:
    parsed = _read("hand_wrapped.txt")
    rows = _blocks(parsed, BlockKind.TABLE_ROW)
    assert [(row.columns, row.of(parsed.text)) for row in rows] == [
        (("Setting", "Default", "Unit"), "heat — Default: 100; Unit: degrees"),
        (("Setting", "Default", "Unit"), "keep-warm — Default: 60; Unit: minutes"),
        (("Light", "Meaning", "Action"), "red 1 — Meaning: the water is getting hot; Action: wait"),
        (("Light", "Meaning", "Action"), "blue 2 — Meaning: the water has boiled; Action: take it"),
    ]


@pytest.mark.parametrize(
    ("table", "columns", "first"),
    [
        ("Tool | Since\n--- | ---\npytest | 2004\nJUnit | 1997", ("Tool", "Since"), "pytest — Since: 2004"),
        ("Tool\tMaker\tSince\na\tb\t2004\nc\td\t1997", ("Tool", "Maker", "Since"), "a — Maker: b; Since: 2004"),
        ("NAME    AGE\nBob     33\nEve     44", ("NAME", "AGE"), "Bob — AGE: 33"),
        ("Name   Age\n----   ---\nBob    33", ("Name", "Age"), "Bob — Age: 33"),
        # Names and values: the first row is like the others, or may be.
        ("Owner\tJane\nPhone\t123\nFax\t456", (), "Owner | Jane"),
        ("| Python | Django |\n| Ruby | Rails |\n| PHP | Laravel |", (), "Python | Django"),
        ("Python  Django  Flask\nRuby    Rails   Sinatra\nPHP     Laravel Symfony", None, ""),
    ],
)
def test_columns_are_named_only_where_a_header_is_certain(
    table: str, columns: tuple[str, ...] | None, first: str
) -> None:
    parsed = parse_text(f"{PROSE}\n\n{table}\n\n{PROSE}\n")
    rows = _blocks(parsed, BlockKind.TABLE_ROW)
    if columns is None:
        assert not rows
        return
    assert {row.columns for row in rows} == {columns}
    assert rows[0].of(parsed.text) == first


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Guide\n=====\n\n{PROSE}\n\nOne\n---\n{PROSE}\n\nTwo\n---\n{PROSE}", [(0, "Guide"), (2, "One"), (2, "Two")]),
        (f"One\n===\n{PROSE}\n\nA\n-\n\nB\n---\n{PROSE}\n\nTwo\n===\n{PROSE}", [(2, "One"), (3, "B"), (2, "Two")]),
        (
            f"MANUAL\n\nSET UP\n\n{PROSE}\n\nWhat You Need\n\n{PROSE}",
            [(0, "MANUAL"), (2, "SET UP"), (3, "What You Need")],
        ),
        (
            f"A Study\n\n1 Start\n\n{PROSE}\n\n1.1 Ground\n\n{PROSE}",
            [(0, "A Study"), (2, "1 Start"), (3, "1.1 Ground")],
        ),
        (f"Tale\n\nChapter 1. A Start\n\n{PROSE}", [(0, "Tale"), (2, "Chapter 1. A Start")]),
        (
            f"1. START\n{PROSE}\n1.1 GROUND\n{PROSE}\n2. END\n{PROSE}",
            [(2, "1. START"), (3, "1.1 GROUND"), (2, "2. END")],
        ),
        (f"Guide\n\n1. One\n\n{PROSE}\n\nConclusion\n\n{PROSE}", [(0, "Guide"), (2, "1. One"), (2, "Conclusion")]),
        (f"          A Licence\n       Version 2, 2004\n\n{PROSE}", [(0, "A Licence")]),
        ("Shopping list\n\n- milk\n- eggs", [(0, "Shopping list")]),
        ("this has no heading at all. it is two sentences.\n\nand one more.", [(0, "")]),
        (f"Guide\n\n{PROSE}\n\nWhat you need to have:\n\n- a\n- b", [(0, "Guide")]),
        (f"Guide\n\n{PROSE}\n\n3.5 million people read it.\n\n{PROSE}", [(0, "Guide")]),
        (f"Guide\n\n{PROSE}\n\n1. First\n\n2. Second\n\n3. Third\n\n{PROSE}", [(0, "Guide")]),
        (f"Guide\n\n{PROSE}\n\nOne\n\nTwo\n\nThree\n\nFour\n\n{PROSE}", [(0, "Guide"), (2, "Three"), (2, "Four")]),
    ],
)
def test_headings(text: str, expected: list[tuple[int, str]]) -> None:
    assert _headings(parse_text(text)) == expected


def test_odd_line_ends_and_blanks_make_no_difference() -> None:
    odd = f"Guide\r\n\r\n{PROSE}\f\u00a0\u00a0•\tone\u2028\u00a0\u00a0•\ttwo\r\rOne More Part\r\n\r\n{PROSE}\u200b\r\n"
    plain = f"Guide\n\n{PROSE}\n\n  • one\n  • two\n\nOne More Part\n\n{PROSE}\n"
    assert parse_text(odd).text == parse_text(plain).text
    assert parse_text(odd).flags == (HIDDEN_FLAG,)
    assert [block.kind for block in parse_text(odd).blocks] == [block.kind for block in parse_text(plain).blocks]


@pytest.mark.parametrize(
    ("menu", "after", "flag"),
    [
        ("Home\nAbout us\nServices\nContact", "", "left out 4 lines of a menu before the title"),
        ("Home\n\nShop\n\nBlog\n\nContact", "", "left out 4 lines of a menu before the title"),
        (
            "Home | Shop | Blog | Contact\nSearch",
            "Share\nTweet",
            "left out 4 lines of a menu before and after the title",
        ),
        ("Home\nAbout us\nServices\nContact", "By Jane Doe, 3 May 2024", "left out 4 lines of a menu before the title"),
    ],
)
def test_menus_of_other_shapes(menu: str, after: str, flag: str) -> None:
    parsed = parse_text(f"{menu}\n\nTea for Absolute Beginners\n\n{after}\n\n{PROSE}\n\nGreen Tea\n\n{PROSE}\n")
    assert parsed.flags == (flag,)
    assert _headings(parsed) == [(0, "Tea for Absolute Beginners"), (2, "Green Tea")]
    assert ("Jane Doe" in parsed.text) == ("Jane Doe" in after)


def test_a_menu_without_a_title_behind_it() -> None:
    parsed = parse_text(f"Home\nAbout\nBlog\nContact\nLogin\n\n{PROSE}\n")
    assert parsed.text == PROSE
    assert parsed.flags == ("left out 5 lines of a menu before the text",)


@pytest.mark.parametrize(
    "front",
    [
        "My Handbook\n\nContents\n\nIntroduction\nHome Office\nContact\nHelp\nSupport\n\nIntroduction",
        f"My Handbook\n\nHome Office\nContact\nHelp\nSupport\n\nHome Office\n\n{PROSE}\n\nContact\n\n{PROSE}\n\nHelp",
        "Jane Doe\n\nSKILLS\n\n- Python\n- SQL\n\nLANGUAGES\n\n- English\n- German\n\nHOBBIES\n\n- Chess\n\nPROFILE",
        "Ingredients\n\n• Flour\n• Sugar\n• Eggs\n• Milk\n• Butter\n• Salt\n\nMethod",
        "1. Home\n2. Help\n3. Contact\n4. Blog\n5. Shop\n\nThe Parts of a Site",
        "Help\nWorkshop Rules\n\nOpening Hours of Our Shop",
        "A Title\n\nBy Jane Doe\n3 May 2024\n\nWhy",
    ],
)
def test_what_is_no_menu_stays(front: str) -> None:
    parsed = parse_text(f"{front}\n\n{PROSE}\n")
    assert parsed.flags == ()
    assert set(re.findall(r"\w+", front)) <= set(re.findall(r"\w+", parsed.text))
