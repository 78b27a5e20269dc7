"""PDF: headings, paragraphs and pages as a person sees them; nothing is lost, and what is left out is told."""

import pytest
from pypdfium2 import PdfDocument

from ingest.errors import GuideError
from ingest.parsers.outline import Parsed
from ingest.parsers.pdf import parse_pdf
from ingest.parsers.pdf_lines import lines_of
from tests.pdfs import make_pdf
from tests.rendered import wrapped

Page = list[tuple[float, float, str, float, str]]
BODY = "Bees leave the hive on warm days and come back with nectar that they found in the flowers of the fields around."


def _page(*blocks: tuple[str, float, list[str]], left: float = 72, top: float = 760) -> Page:
    """Blocks of a font, a size and lines, with a gap between blocks."""
    page: Page = []
    for font, size, lines in blocks:
        for line in lines:
            page.append((left, top, font, size, line))
            top -= size * 1.2
        top -= 10
    return page


def _text(number: int) -> tuple[str, float, list[str]]:
    return "F1", 10.0, wrapped(f"Paragraph {number}. {BODY}")


def _parsed(*pages: Page, bookmarks: list[tuple[str, int]] | None = None) -> Parsed:
    return parse_pdf(make_pdf(pages, bookmarks=bookmarks or []))


def test_running_headers_footers_and_page_numbers_are_left_out() -> None:
    pages = [
        [
            (72, 815, "F1", 8, f"KEEPING BEES    Chapter {number // 2}"),
            *_page(_text(number), _text(number + 10)),
            (300, 30, "F1", 8, f"- {number} -"),
        ]
        for number in range(1, 6)
    ]
    parsed = _parsed(*pages)
    assert "KEEPING" not in parsed.text
    assert "- 3 -" not in parsed.text
    assert parsed.text.count("nectar") == 10
    assert parsed.flags == ("left out 10 running headers, footers and page numbers",)
    assert [block.page for block in parsed.blocks] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_text_that_repeats_within_the_page_is_no_running_line() -> None:
    pages = [_page(_text(1), _text(1), _text(1)) for _ in range(4)]
    assert _parsed(*pages).text.count("nectar") == 12


def test_parted_words_are_mended_and_hyphens_kept() -> None:
    lines = ["The bees take well-known ways, and the infor-", "mation that they bring is well-", "known in the hive."]
    parsed = _parsed(_page(("F1", 10, ["All information counts."]), ("F1", 10, lines)))
    assert "ways, and the information that they bring is well-known in the hive." in parsed.text


def test_half_a_word_at_a_lines_end_is_no_word_that_speaks_for_a_hyphen() -> None:
    lines = ["Many beekeepers like to partici-", "pate in the work of the so-called long-", "term hives."]
    parsed = _parsed(_page(("F1", 10, ["A long walk, a school term."]), ("F1", 10, lines)))
    assert "like to participate in the work of the so-called long-term hives." in parsed.text


def test_a_paragraph_goes_on_over_the_page() -> None:
    first, second = wrapped(BODY)[:1], wrapped(BODY)[1:]
    parsed = _parsed(_page(_text(1), ("F1", 10, first)), _page(("F1", 10, second), _text(2)))
    assert BODY in parsed.text


def test_two_columns_are_read_one_after_the_other() -> None:
    left, right = (wrapped(f"{name} {BODY} {BODY} {BODY}", 36) for name in ("Left.", "Right."))
    page: Page = []
    for at in range(max(len(left), len(right))):  # row by row, as careless programs write them
        for column, lines in ((60, left), (320, right)):
            if at < len(lines):
                page.append((column, 760 - 12 * at, "F1", 10, lines[at]))
    parsed = _parsed(page)
    assert parsed.text.split() == [*" ".join(left).split(), *" ".join(right).split()]


def test_headings_come_from_bookmarks_where_there_are_any() -> None:
    page = _page(("F1", 10, ["1 The hive"]), _text(1), ("F1", 10, ["2 The smoker"]), _text(2))
    parsed = _parsed(page, bookmarks=[("The hive", 0), ("The smoker", 0)])
    assert [each.id for each in parsed.sections] == ["the-hive", "the-smoker"]
    assert _parsed(page).sections[0].id == "text"


def test_headings_come_from_larger_or_bolder_letters_else() -> None:
    page = _page(
        ("F2", 22, ["Bees"]),
        _text(1),
        ("F2", 15, ["A heading that takes", "two lines"]),
        _text(2),
        ("F2", 10, ["Small"]),
        _text(3),
    )
    assert [each.heading for each in _parsed(page).sections] == ["Bees", "A heading that takes two lines", "Small"]
    assert _parsed(page).sections[2].parent == "a-heading-that-takes-two-lines"


def test_contents_lose_their_dots_and_page_numbers() -> None:
    lines = [f"{number} Chapter of bees {'. ' * 20}{number * 7}" for number in range(1, 5)]
    parsed = _parsed(_page(("F1", 10, lines)), _page(_text(1)))
    assert parsed.text.startswith("1 Chapter of bees\n\n2 Chapter of bees\n\n3 Chapter of bees")


def test_footnotes_do_not_part_a_paragraph() -> None:
    first, second = wrapped(BODY)[:1], wrapped(BODY)[1:]
    note: Page = [(72, 60, "F1", 7, "1 A note on bees.")]
    parsed = _parsed([*_page(_text(1), ("F1", 10, first)), *note], _page(("F1", 10, second), _text(2)))
    assert BODY in parsed.text
    assert parsed.text.endswith("1 A note on bees.")


def test_code_keeps_lines_and_indents() -> None:
    page = [*_page(_text(1)), (72, 700, "F3", 10, "if bees:"), (96, 688, "F3", 10, "fly()"), (72, 676, "F3", 10, "end")]
    assert _parsed(page).text.endswith("\n\nif bees:\n    fly()\nend")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (make_pdf([[], []]), "holds no text on its 2 pages .scanned"),
        (b"%PDF-1.7\nnothing of use", "is damaged"),
        (make_pdf([[]])[:120], "is damaged"),
    ],
)
def test_what_cannot_be_read_says_why(source: bytes, reason: str) -> None:
    with pytest.raises(GuideError, match=reason):
        parse_pdf(source)


def test_pages_without_text_are_told() -> None:
    parsed = _parsed(_page(_text(1)), [], _page(_text(2)))
    assert parsed.flags == ("1 of 3 pages hold no text (pictures?)",)


def test_a_password_is_named() -> None:
    plain = make_pdf([_page(_text(1))])
    encrypt = b"<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>" % (b"00" * 32, b"11" * 32)
    locked = plain.replace(b"trailer<<", b"trailer<</ID[<%s><%s>]/Encrypt %s" % (b"22" * 16, b"22" * 16, encrypt))
    with pytest.raises(GuideError, match="is protected by a password: save it without"):
        parse_pdf(locked)


@pytest.mark.parametrize("turn", [90, 180])
def test_pages_that_lie_on_their_side_are_read_upright(turn: int) -> None:
    matrix = {90: b"0 1 -1 0", 180: b"-1 0 0 -1"}[turn]
    source = b""
    for at, line in enumerate(wrapped(f"{BODY} {BODY}")):
        left, height = {90: (100 + 12 * at, 72), 180: (500, 700 + 12 * at)}[turn]
        source += b"BT /F1 10 Tf %s %d %d Tm (%s) Tj ET\n" % (matrix, left, height, line.encode())
    plain = make_pdf([[(72, 760, "F1", 10, "x" * (len(source) - len(b"BT /F1 10 Tf 72 760 Td () Tj ET\n")))]])
    drawn = plain[plain.index(b"BT ") : plain.index(b"endstream")]
    assert parse_pdf(plain.replace(drawn, source)).text == f"{BODY} {BODY}"


def test_an_address_and_a_folder_go_on_in_the_next_line() -> None:
    lines = [
        "Read the long guide to bees at https://www.bees.",
        "example/guide.html and its files in /usr/share/",
        "bees/guide/.",
    ]
    parsed = _parsed(_page(_text(1), ("F1", 10, lines), _text(2)))
    assert "bees at https://www.bees.example/guide.html and its files in /usr/share/bees/guide/.\n" in parsed.text


def test_lines_in_the_font_of_code_go_on_with_an_address() -> None:
    page = _page(_text(1), ("F1", 10, ["Read the long and honest guide to bees on a page at http://"]))
    left, height, *_ = page[-1]
    code = [f"www.bees.example/{'a' * 26}.", "example/guide"]
    parsed = _parsed([*page, *((left, height - 12 * at, "F3", 10, line) for at, line in enumerate(code, 1))])
    assert parsed.text.endswith(f"on a page at http://{''.join(code)}")


def test_a_line_that_is_not_full_ends_its_address() -> None:
    lines: Page = [(72, 640, "F1", 10, "See http://bees.example."), (84, 628, "F1", 10, "e.g. how they fly.")]
    assert _parsed([*_page(_text(1)), *lines]).text.endswith("See http://bees.example.\n\ne.g. how they fly.")


def test_a_lines_size_is_its_fonts_and_not_the_height_of_its_letters() -> None:
    page: Page = [(72, 760 - 12 * at, f"F{at}", 10, "All fonts") for at in (1, 2, 3)]
    assert {line.size for line in lines_of(PdfDocument(make_pdf([page]))[0], 1)} == {10.0}


def test_a_list_of_english_words_decides_on_hyphens_that_the_document_does_not() -> None:
    lines = ["The bees take self-", "publishing for granted and over-", "whelm the beekeepers."]
    parsed = _parsed(_page(_text(1), ("F1", 10, lines)))
    assert "take self-publishing for granted and overwhelm the" in parsed.text


def test_a_list_of_english_words_says_nothing_of_other_languages() -> None:
    text = wrapped("Die Bienen verlassen den Stock an warmen Tagen und kommen mit Nektar aus den Wiesen der Umgebung.")
    parsed = _parsed(_page(("F1", 10, text), ("F1", 10, ["Ein Imker nutzt das Hand-", "band im Garten."])))
    assert "das Handband im" in parsed.text


def test_a_footnotes_mark_is_one_number_apart_from_the_words() -> None:
    """Fonts have some digits as superscripts of their own: such a mark comes as `1²`."""
    page = _page(("F1", 10, ["Bees fly1² and rest, and the hive is 10² steps away."]), _text(1))
    parsed = _parsed([*page, (72, 60, "F1", 7, "1²A note on bees.")])
    assert parsed.text.startswith("Bees fly 12 and rest, and the hive is 10² steps away.")
    assert parsed.text.endswith("\n\n12 A note on bees.")


def test_footnotes_may_have_marks_of_their_own_and_code_in_them() -> None:
    first, second = wrapped(BODY)[:1], wrapped(BODY)[1:]
    notes: Page = [
        (72, 84, "F1", 5, "1"), (80, 81, "F1", 7, "A note on bees that calls"), (72, 72, "F3", 9, "fly --home"),
        (72, 63, "F1", 5, "2"), (80, 60, "F1", 7, "Another, of 2014-08-01, from"), (72, 51, "F1", 7, "2014-08-02 on."),
    ]  # fmt: skip
    parsed = _parsed([*_page(_text(1), ("F1", 10, first)), *notes], _page(("F1", 10, second), _text(2)))
    assert BODY in parsed.text
    end = "1 A note on bees that calls fly --home\n\n2 Another, of 2014-08-01, from 2014-08-02 on."
    assert parsed.text.endswith(end)


def test_a_footnotes_mark_at_a_paragraphs_end_does_not_join_the_next() -> None:
    first, second = "Bees fly and come back on warm days.", "Beekeepers look after them at any time of the year"
    page: Page = [(72, 700, "F1", 10, f"{first} 1"), (87, 688, "F1", 10, second), (72, 676, "F1", 10, "and rest.")]
    assert f"{first} 1\n\n{second} and rest." in _parsed([*_page(_text(1)), *page, (72, 60, "F1", 7, "1 A note.")]).text


def test_numbers_of_contents_go_where_no_dots_lead_to_them() -> None:
    dots = [f"{number}.1 Chapter of bees {'. ' * 20}7" for number in range(1, 5)]
    full = "4.10How long is the line of a chapter that leaves no room? 8"
    drawn = lines_of(PdfDocument(make_pdf([_page(("F1", 10, [*dots, full]))]))[0], 1)
    left = 72 + drawn[0].right - drawn[-1].right
    parsed = _parsed([*_page(("F1", 10, dots)), (left, 690, "F1", 10, full)], _page(_text(1)))
    assert "\n\n4.10 How long is the line of a chapter that leaves no room?\n\nParagraph 1." in parsed.text
