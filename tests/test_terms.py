import pytest

from answering.terms import GlossaryTerms
from ingest.glossary import Entry, Glossary, read_glossary
from settings import PROJECT

GLOSSARY = Glossary(
    entries=tuple(
        Entry(term=term, aliases=aliases, line=line)
        for line, (term, aliases) in enumerate(
            (
                ("Kubernetes", ("k8s",)), ("SQL", ("Structured Query Language",)), ("NoSQL", ()), ("Go", ("Golang",)),
                ("SQL injection", ("SQLi",)), ("Node.js", ("Node",)), ("container", ("containers",)), ("C", ()),
                ("C++", ("cpp",)), ("REST", ()), ("Git", ()), ("relational databases", ()),
                ("database", ()),
            ),
            1,
        )
    )
)  # fmt: skip
TERMS = GlossaryTerms(GLOSSARY)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Is k8s better than Git?", ("Kubernetes", "Git")),
        ("git, then Git, then GIT", ("Git",)),
        ("What is SQL injection, and is SQL safe?", ("SQL injection", "SQL")),
        ("structured query language", ("SQL",)),
        ("sql or nosql", ("SQL", "NoSQL")),
        ("Kubernetes' and Git's authors", ("Kubernetes", "Git")),
        ("Two containers", ("container",)),
        ("a relational database, a database", ("relational databases", "database")),
        ("GOLANG", ("Go",)),
        ("node.js", ("Node.js",)),
        ("digital logit gitlike", ()),
        ("C++ rather than C", ("C++", "C")),
        ("", ()),
        ("🙂 \u202e\x00", ()),
    ],
)
def test_terms_are_found_in_order_by_any_name(text: str, found: tuple[str, ...]) -> None:
    assert TERMS.find(text) == found


@pytest.mark.parametrize("text", ["where do I go from here", "the rest of it", "a node of the tree"])
def test_an_ordinary_word_is_no_term(text: str) -> None:
    assert TERMS.find(text) == ()


@pytest.mark.parametrize(("text", "term"), [("Is Go fast?", "Go"), ("What is REST?", "REST"), ("Use Node", "Node.js")])
def test_capitals_tell_a_name_from_a_word(text: str, term: str) -> None:
    assert TERMS.find(text) == (term,)


def test_without_a_glossary_there_are_no_terms() -> None:
    assert GlossaryTerms(Glossary()).find("Kubernetes and Git") == ()


def test_our_glossary_is_found_by_every_term() -> None:
    glossary = read_glossary(PROJECT / "content")
    ours = GlossaryTerms(glossary)
    assert not [entry.term for entry in glossary.entries if entry.term not in ours.find(f"What is {entry.term}?")]
