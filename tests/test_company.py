"""Names that are listed with, or stand beside, what belongs to another name; sentences that mix several lines."""

import pytest

from answering.phrased.alignment import Line, mixing
from answering.phrased.company import company_fault
from answering.phrased.grounds import pieces
from answering.phrased.reading import Names, read
from answering.phrased.relations import relation_fault
from evaluation.claim_changes import changed
from ingest.glossary import read_glossary
from settings import PROJECT

COMPANIES = "Companies such as Google and Uber use Go."
METHODS = "To perform its operations, REST relies on standard HTTP methods, such as GET and POST."
ROW = "Python — Popular Frameworks: Django, Flask"
UNDERSTOOD = "An understanding of SSL and AES is essential in HTTP."
HOSTS = "GitLab: an alternative to GitHub with pipelines.\nBitbucket: a service that hosts repositories for teams."
TESTS = "JUnit is a framework for Java, PyTest is one for Python, and Mocha is one for JavaScript."


@pytest.fixture(scope="module")
def names() -> Names:
    return Names(read_glossary(PROJECT / "content").names())


@pytest.mark.parametrize(
    ("text", "quote", "fault"),
    [("Go is used by Google and Uber.", COMPANIES, ""), ("Uber is used by Go and Google.", COMPANIES, "lists go"),
     ("Uber and Google use Go.", COMPANIES, ""), ("REST relies on the standard methods of HTTP.", METHODS, ""),
     ("HTTP relies on standard REST methods.", METHODS, "of http, which its quote says of rest"),
     ("REST and HTTP methods are standard.", METHODS, ""), ("Django and Flask are Python frameworks.", ROW, ""),
     ("Python and Flask are frameworks for Django.", ROW, "lists python where its quote lists django"),
     ("AES and SSL have to be understood in HTTP.", UNDERSTOOD, ""),
     ("An understanding of AES is essential, besides that of SSL.", UNDERSTOOD, ""),
     ("Frameworks for Java, Python, and JavaScript are JUnit, PyTest, and Mocha respectively.", TESTS, "")],
)  # fmt: skip
def test_names_keep_their_company(text: str, quote: str, fault: str, names: Names) -> None:
    found = company_fault(read(text, names), [read(each, names) for each in pieces(quote)])
    assert fault in found if fault else found == ""


@pytest.mark.parametrize(
    ("text", "quote", "holds"),
    [("Bitbucket hosts repositories for teams, and GitLab is an alternative to GitHub with pipelines.", HOSTS, True),
     ("GitLab is an alternative with pipelines, while repositories are hosted by Bitbucket.", HOSTS, True),
     ("GitLab hosts repositories for teams, and Bitbucket is an alternative to GitHub with pipelines.", HOSTS, False),
     ("Bitbucket is an alternative to GitHub.", HOSTS, False), ("Teams have pipelines.", HOSTS, False),
     ("JUnit goes with Java, PyTest with Python, and Mocha with JavaScript.", TESTS, True),
     ("JUnit goes with Python, PyTest with Java, and Mocha with JavaScript.", TESTS, False)],
)  # fmt: skip
def test_a_sentence_may_merge_lines_but_not_mix_them(text: str, quote: str, holds: bool, names: Names) -> None:
    units = [read(each, names) for each in pieces(quote)]
    fault = relation_fault(read(text, names), units, [read("", names)] * len(units))
    assert bool(fault) != holds


def test_changing_lines_costs_more_within_a_part_and_less_to_what_stands_around(names: Names) -> None:
    lines = [Line(frozenset({"axe", "cut"}), frozenset({"steel"})), Line(frozenset({"hammer", "steel"}), frozenset())]

    def cost(text: str) -> float:
        return round(mixing(read(text, names), lines), 6)

    assert cost("An axe cuts.") == cost("An axe cuts, a hammer is steel.") == 0
    assert cost("An axe cuts a hammer.") == pytest.approx(0.4)  # another line within a part
    assert cost("An axe is steel.") == pytest.approx(0.3)  # only what stands around has it
    assert cost("An axe, a hammer, an axe.") == pytest.approx(0.2)  # back to a line that was left
    assert mixing(read("An axe cuts a hammer.", names), lines[:1]) == 0


def test_an_exchange_that_changes_nothing_is_not_called_wrong() -> None:
    listed = "Well-known hosts are GitHub, GitLab, and Bitbucket, and they run Git."
    texts = [(listed, "A host is GitHub, and so is GitLab."), (listed, "A host such as GitHub needs Git.")]
    made = [says for _, says in changed("swap", texts, [listed, "We use GitHub, GitLab and Git."], 5, 1)]
    assert made == ["A host such as Git needs GitHub."]
