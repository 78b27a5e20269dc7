"""HTML: the article comes out whole and in order, what is around it stays out and is counted, nothing is cut short."""

import pytest

from ingest.documents import BlockKind
from ingest.errors import GuideError
from ingest.parsers.html import parse_html
from ingest.parsers.outline import HIDDEN_FLAG

AROUND = [
    "Pricing",
    "Subscribe",
    "cookies",
    "Accept",
    "reserved",
    "Twitter",
    "Breadcrumb",
    "Deutsch",
    "Kitchen",
    "script",
]
ARTICLE = """
<h1>Keeping bees</h1><p>Bees need a dry place with sun in the morning, and a person who looks after them.</p>
<aside class="note"><p>Mind the neighbours, too.</p></aside>
<h2>Tools<a class="headerlink" href="#tools">¶</a></h2>
<p>You need <a href="/smoker">a smoker</a>, <a href="/hive">a hive</a> and <a href="/gloves">gloves</a>.</p>
"""
PAGE = """<!doctype html><html lang="en"><head><title>Bees - Shop</title><script>var script = 1;</script></head><body>
<a class="skip-link" href="#main">Breadcrumb skip</a>
{head}
{article}
<div class="related-posts"><h3>Related</h3><a href="/1">Kitchen knives</a> <a href="/2">Kitchen pots</a></div>
<div id="cookieBar"><p>This site uses cookies to make it better.</p><a href="#">Accept</a></div>
<section><p>We value cookies and your privacy.</p><button>Accept all</button></section>
<div class="language-switch"><ul><li><a hreflang="de" href="/de">Deutsch</a></li>
<li><a hreflang="fr" href="/fr">Deutsch 2</a></li>
<li><a hreflang="it" href="/it">Deutsch 3</a></li></ul></div>
<div class="share"><a href="t">Twitter</a></div>
{foot}
</body></html>"""
HEADS = {
    "nav": '<header><img alt="" src="x"><nav><ul><li><a href="/">Pricing</a></li></ul></nav></header>',
    "class": '<div class="site-header"><ul class="main-menu"><li><a>Pricing</a><li><a>Subscribe</a></ul></div>',
    "bare": '<ul><li><a href="/a">Pricing</a><li><a href="/b">Blog</a><li><a href="/c">Subscribe</a></ul>',
}
FEET = {
    "footer": "<footer><p>All rights reserved. Pricing and more.</p></footer>",
    "class": '<div class="page-footer"><p>All rights reserved.</p><a href="/s">Subscribe</a></div>',
    "role": '<div role="contentinfo">All rights reserved.</div>',
}


@pytest.mark.parametrize("wrap", ["{}", "<main>{}</main>", "<div class='content'><article>{}</article></div>"])
@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("foot", FEET)
def test_menu_footer_and_cookie_notice_stay_out(head: str, foot: str, wrap: str) -> None:
    page = PAGE.format(head=HEADS[head], article=wrap.format(ARTICLE), foot=FEET[foot])
    parsed = parse_html(page)
    assert parsed.title == "Keeping bees"
    assert [each.heading for each in parsed.sections] == ["Keeping bees", "Tools"]
    assert parsed.text == (
        "Keeping bees\n\nBees need a dry place with sun in the morning, and a person who looks after them.\n\n"
        "Mind the neighbours, too.\n\nTools\n\nYou need a smoker, a hive and gloves."
    )
    assert not [word for word in AROUND if word in parsed.text]
    assert len(parsed.flags) == 1
    assert parsed.flags[0].startswith("left out")


@pytest.mark.parametrize(
    "body",
    [
        "<p>One line.</p>",
        "Bare words",
        "<h1>Menu of the day</h1><ul><li>Soup</li><li>Bread</li></ul>",
        "<div><p>Short.</p><p>And <a href='x'>linked</a>.</p></div>",
        "<header><h1>Title</h1><p>By Ada</p></header><p>Text.</p>",
        "<h1>Links</h1><ul><li><a href='1'>One</a></li><li><a href='2'>Two</a></li><li><a href='3'>Three</a></li></ul>",
        "<table><tr><td>Left</td><td>Right</td></tr></table>",
        "<div class='footer-notes'>Only this</div>",
        "<article><p>First of two.</p></article><article><p>Second of two.</p></article>",
    ],
)
def test_a_short_page_loses_nothing(body: str) -> None:
    from lxml import html

    wanted = "".join(html.fromstring(f"<div>{body}</div>").itertext()).split()
    parsed = parse_html(f"<html><body>{body}</body></html>")
    assert "".join(parsed.text.replace("• ", " ").replace("|", " ").split()) == "".join(wanted)
    assert parsed.flags == ()


def test_contents_that_repeat_the_headings_are_a_menu_others_are_text() -> None:
    page = "<h1>A</h1>{}<h2>1. One thing</h2><p>Text.</p><h2>2. Other</h2><p>Text.</p>"
    own = "<p>Contents</p><ul><li><a href='#1'>1. One thing</a></li><li><a href='#2'>2. Other</a></li></ul>"
    other = own.replace("Other", "Elsewhere")
    assert "Contents" not in parse_html(page.format(own)).text
    assert "• 1. One thing" in parse_html(page.format(other)).text.replace("1. One", "• 1. One")
    assert "Elsewhere" in parse_html(page.format(other)).text


def test_lists_nest_number_and_go_on_behind_code() -> None:
    parsed = parse_html(
        "<p>Do this:</p><ol start=3><li>Open<ul><li>Slowly</li></ul>and look</li><li><p>Close</p><p>it well</p>"
        "<pre>x = 1\n  y</pre><p>Done</p></li><li value=9>Rest</li></ol>"
    )
    assert parsed.text == (
        "Do this:\n\n3. Open\n  • Slowly\n  and look\n4. Close it well\n\nx = 1\n  y\n\n  Done\n9. Rest"
    )
    items = [block for block in parsed.blocks if block.kind is BlockKind.LIST_ITEM]
    assert {item.lead_in.of(parsed.text) for item in items if item.lead_in} == {"Do this:"}
    assert all(item.lead_in for item in items)
    assert len({item.group for item in items}) == 1


def test_definitions_are_told_with_their_term() -> None:
    parsed = parse_html(
        "<dl><dt>Hive</dt><dd>A box.</dd><dt>Drone</dt><dt>Male bee</dt><dd>A bee.</dd><dt>Last</dt></dl>"
    )
    assert parsed.text == "• Hive: A box.\n• Drone, Male bee: A bee.\n• Last"


def test_tables_know_header_spans_and_layout() -> None:
    parsed = parse_html(
        "<table><caption>Signs</caption><thead><tr><th>Sign<th>Means</tr></thead>"
        "<tr><td rowspan=2>Eggs<td>Queen</tr><tr><td>Spring</tr></table>"
        "<table><tr><td><h2>Side</h2><p>One.</p></td><td><p>Two.</p></td></tr></table>"
    )
    assert parsed.text == "Signs\n\nEggs — Means: Queen\nEggs — Means: Spring\n\nSide\n\nOne.\n\nTwo."


@pytest.mark.parametrize("deep", [260, 2000, 5000])
def test_deep_nesting_loses_nothing(deep: int) -> None:
    parsed = parse_html("<div>" * deep + "<p>Inner</p>" + "</div>" * deep + "<p>After</p>")
    assert parsed.text == "Inner\n\nAfter"
    assert bool(parsed.flags) == (deep > 2048)


def test_what_cannot_be_had_whole_is_refused() -> None:
    with pytest.raises(GuideError, match="nested too deeply"):
        parse_html("<ul><li>" * 3000 + "Inner")


def test_a_giant_text_node_is_kept() -> None:
    parsed = parse_html(f"<p>{'word ' * 2_400_000}END</p><p>After</p>")
    assert parsed.text.endswith("END\n\nAfter")
    assert parsed.text.count("word") == 2_400_000


def test_language_title_and_author_are_told() -> None:
    page = "<html lang=de-CH><head><title>Kurz</title><meta name=author content='A. B.'></head><body>Text</body></html>"
    parsed = parse_html(page)
    assert (parsed.title, dict(parsed.metadata)) == ("Kurz", {"title": "Kurz", "language": "de-CH", "author": "A. B."})


def test_nothing_is_loaded_and_no_entity_opened(tmp_path: object) -> None:
    page = (
        f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{tmp_path}/a">]>'
        '<img src="http://192.0.2.1/a.png" alt="A hive">&x;<p>Text</p>'
    )
    assert "Text" in parse_html(page).text
    assert "A hive" in parse_html(page).text


def test_hidden_parts_stay_out_and_hidden_characters_are_told() -> None:
    parsed = parse_html(
        "<p>Seen\u200b</p><p hidden>Not</p><p style='display: none'>Nor</p><p aria-hidden=true>This</p>"
    )
    assert parsed.text == "Seen"
    assert HIDDEN_FLAG in parsed.flags
