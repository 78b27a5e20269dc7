"""The terms that a guide names are drawn from its form, each with its definition, names, mentions and neighbours."""

from pathlib import Path

import pytest

from answering.assistant import Assistant
from ingest.documents import Document
from ingest.glossary import Entry, Glossary
from skills.card import Inventory, Term
from skills.drawing import draw
from tests.indexes import document, passages

KITCHEN = """\
# Kitchen

## Knives

A peeler takes the skin off. Key knives:

- **Santoku**: a knife of Japan for vegetables.
- **Cleaver**: cuts through bones.

| Tool | Strength |
|---|---|
| Mandoline | even slices |
| Zester | fine peel |

## Heat

Sous-vide cooking (SVC) is a method in which food lies in warm water. Use GraphQL-like menus.
Blanching is done to keep colours. In France, SVC is common. A santoku is sharpened by hand.
For soups take tools such as Vitamix and Bamix.
"""


def drawn(markdown: str = KITCHEN, *entries: Entry) -> tuple[Inventory, Document]:
    """The inventory of one document."""
    return draw((document(markdown),), passages(markdown), Glossary(entries=entries)), document(markdown)


def term(inventory: Inventory, name: str) -> Term:
    """The term of that name, which has to be there."""
    found = inventory.of(name)
    assert found, [each.term for each in inventory.terms]
    return found


def definition(found: Term, guide: Document) -> str | None:
    """The sentence that defines a term."""
    return found.definition.sentence.of(guide.text) if found.definition else None


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("santoku", "concept", "Santoku: a knife of Japan for vegetables."),
        ("SVC", "method", "Sous-vide cooking (SVC) is a method in which food lies in warm water."),
        ("Mandoline", "tool", None),
        ("Vitamix", "tool", None),
        ("GraphQL", "language", None),
    ],
)
def test_terms_of_any_subject(name: str, kind: str, said: str | None) -> None:
    inventory, guide = drawn()
    found = term(inventory, name)
    assert (found.kind, definition(found, guide)) == (kind, said)


def test_a_bracket_gives_another_name() -> None:
    inventory, _ = drawn()
    assert term(inventory, "SVC").aliases == ("Sous-vide cooking",)
    assert len(term(inventory, "SVC").mentions) == 3


def test_every_mention_is_words_of_the_text_in_its_sentence() -> None:
    inventory, guide = drawn()
    santoku = term(inventory, "santoku").mentions
    assert [each.of(guide.text) for each in santoku] == ["Santoku", "santoku"]
    for each in inventory.terms:
        assert all(mention.sentence.covers(mention) for mention in each.mentions)


def test_neighbours_of_one_list_come_first() -> None:
    inventory, _ = drawn()
    assert term(inventory, "Mandoline").related[0] == "Zester"


def test_capitals_do_not_name_the_ordinary_words_that_they_spell() -> None:
    said = "THES ranks schools, as a paper does; it is old. ASAS tests, and INTIME is in time for the THES."
    inventory, guide = drawn(f"# Schools\n\n{said}\n")
    named = [mention.of(guide.text) for each in inventory.terms for mention in each.mentions]
    assert sorted(each for each in named if each.isupper()) == ["ASAS", "INTIME", "THES", "THES"]
    assert {each.casefold() for each in named} == {"asas", "intime", "thes", "schools"}


def test_the_glossary_adds_names_kinds_and_notes_but_no_terms() -> None:
    blender = Entry(term="Bamix", kind="blender", aliases=("stick blender",), note="Mixes.")
    inventory, _ = drawn(KITCHEN, blender, Entry(term="Wok", aliases=("round pan",)))
    assert inventory.of("Wok") is None
    found = term(inventory, "Bamix")
    assert (found.kind, found.aliases, found.note) == ("blender", ("stick blender",), "Mixes.")


def test_a_name_within_a_longer_one_counts_too() -> None:
    names = (Entry(term="warm water"), Entry(term="water"), Entry(term="food"))
    inventory, guide = drawn(KITCHEN, *names)
    assert [each.of(guide.text) for each in term(inventory, "water").mentions] == ["water"]


@pytest.mark.parametrize(
    ("sentence", "name", "defines"),
    [
        ("Rust is a language that is safe.", "Rust", True),
        ("One of the safest languages is Rust.", "Rust", True),
        ("For drivers, Rust remains a good choice.", "Rust", False),
        ("MongoDB, Cassandra, and Redis are examples of databases.", "Cassandra", True),
        ("JUnit is a framework for Java, PyTest is one for Python.", "PyTest", True),
        ("A dynamo feeds the lamp.", "dynamo", True),
        ("The dynamo feeds the lamp.", "dynamo", False),
        ("Use a dynamo where it is a good idea.", "dynamo", False),
        ("Is Rust a language that is safe?", "Rust", False),
        ("Rust is great.", "Rust", False),
    ],
)
def test_what_counts_as_saying_what_it_is(sentence: str, name: str, defines: bool) -> None:
    inventory, guide = drawn(f"# Guide\n\n## Part\n\n{sentence}\n", Entry(term=name))
    assert definition(term(inventory, name), guide) == (sentence if defines else None)


def test_the_shipped_guide(assistant: Assistant) -> None:
    inventory = assistant.inventory()
    texts = {each.id: each.text for each in assistant.documents()}
    defined = {
        each.term: each.definition.sentence.of(texts[each.definition.document])
        for each in inventory.terms
        if each.definition
    }
    assert len(inventory.terms) >= 165
    assert len(defined) >= 65
    assert defined["normalization"].startswith("Normalization: organizing data")
    assert defined["Kubernetes"].startswith("Kubernetes is a tool")
    assert defined["Infrastructure as Code"].startswith("Infrastructure as Code (IaC) is an approach")
    assert not {"SAML", "AES", "Laravel", "MySQL"} & defined.keys()
    assert not {"make", "for", "backend"} & {each.term for each in inventory.terms}


def test_the_inventory_is_kept_with_the_index(assistant: Assistant) -> None:
    with assistant.generations.use() as generation:
        assert (Path(generation.folder) / "skills.json").is_file()


def test_a_dictionary_says_itself_what_its_terms_are() -> None:
    words = ("anvil", "Bench vise", "C clamp", "drill press", "Engineer's square")
    markdown = "# Tools\n\n" + "\n".join(f"## {word}\n\nThis is for METAL work. More.\n" for word in words)
    inventory, guide = drawn(markdown)
    assert [each.term.casefold() for each in inventory.terms] == [word.casefold() for word in words]
    assert {definition(each, guide) for each in inventory.terms} == {"This is for METAL work."}


def test_a_headword_is_known_without_its_brackets_where_no_other_is_called_so() -> None:
    words = ("Anvil (smithing)", "Clamp (wood)", "Clamp (metal)", "Saw", "Saw (powered)", "Vise (bench)")
    inventory, guide = drawn("# Tools\n\n" + "\n".join(f"## {word}\n\nFor work with {word}.\n" for word in words))
    aliases = {each.term: each.aliases for each in inventory.terms}
    assert aliases == {
        "anvil (smithing)": ("Anvil",), "clamp (metal)": (), "clamp (wood)": (), "Saw": (), "Saw (powered)": (),
        "vise (bench)": ("Vise",),
    }  # fmt: skip
    assert all(definition(each, guide) for each in inventory.terms)


def test_a_headword_and_the_glossarys_name_for_it_are_one_term() -> None:
    words = ("Anvil", "Vise", "Ruby (computer programming)", "Hammer", "Saw")
    markdown = "# Tools\n\n" + "\n".join(f"## {word}\n\nThis is for work.\n" for word in words)
    inventory, guide = drawn(markdown, Entry(term="Ruby", kind="language", aliases=("ruby lang",)))
    ruby = term(inventory, "Ruby")
    assert len(inventory.terms) == len(words)
    assert {"ruby lang", "ruby (computer programming)"} <= {each.casefold() for each in ruby.aliases}
    assert definition(ruby, guide)


def test_a_guide_without_any_heading_has_terms_too() -> None:
    text = "PostgreSQL is a database. Redis is fast.\n"
    inventory = draw([document(text)], passages(text), Glossary())
    assert all(each.area == "" for each in inventory.terms)
