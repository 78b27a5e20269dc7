import json
import re
from collections.abc import Callable
from functools import cache

import pytest

from ingest.glossary import Entry, Glossary, fold, read_glossary
from retrieval.embedder import SentenceTransformerEmbedder
from retrieval.english import is_english
from retrieval.widening import Widener
from retrieval.words import stems
from settings import PROJECT
from skills.lexicon import FILE, holds_word

OURS = PROJECT / "content"


@cache
def _ours(lexicon: bool = True) -> Widener:
    """Over our guide, as it is put together for people; without the lexicon, any term of it is as new as can be."""
    knows = SentenceTransformerEmbedder().knows_word
    words = re.findall(r"\w+", next(OURS.glob("*.md")).read_text(encoding="utf-8").split("---", 2)[2])

    def knows_word(word: str) -> bool:
        return knows(word) or (lexicon and holds_word(word))

    return Widener(read_glossary(OURS), words, knows_word)


def _small(*entries: Entry, knows: Callable[[str], bool] = is_english) -> Widener:
    return Widener(Glossary(entries=entries), ("hammer", "nails", "sawing"), knows)


@pytest.mark.parametrize(
    ("query", "text", "meant"),
    [
        ("do i need k8s", "do i need Kubernetes (k8s)", "Kubernetes"),
        ("K8S?", "Kubernetes (K8S)?", "Kubernetes"),
        ("golang frameworks", "golang frameworks", None),
        ("nodejs", "Node.js", "Node.js"),
        ("git hub", "GitHub", "GitHub"),
        ("Which HTTP verbs?", "Which HTTP methods (HTTP verbs)?", "HTTP methods"),
        ("What about VMs?", "What about virtual servers (VMs)?", "virtual servers"),
        ("what is 2FA", "what is multi-factor authentication (2FA)", "multi-factor authentication"),
        ("mongo/redis", "MongoDB (mongo)/redis", "MongoDB"),
        ("Postgres and PostgreSQL", "Postgres and PostgreSQL", None),
        ("PG / Postgres", "PostgreSQL (PG) / Postgres", "PostgreSQL"),
        ("Python's strengths", "Python's strengths", None),
        ("SQL is easy, SQL I know", "SQL is easy, SQL I know", None),
        ("an SSL certificate", "an SSL certificate", None),
        ("SSL or TLS", "SSL or TLS", None),
        ("Amazon's cloud", "AWS (Amazon's cloud)", "AWS"),
        ("Is it about IoT?", "Is it about IoT applications?", "IoT applications"),
        ("no sql databases", "NoSQL databases", "NoSQL databases"),
    ],
)
def test_aliases_are_followed(query: str, text: str, meant: str | None) -> None:
    widened = _ours().widen(query)
    assert widened.text == text
    assert [(each.meant, each.reason) for each in widened.replaced] == ([(meant, "alias")] if meant else [])


@pytest.mark.parametrize(
    "query",
    [
        "how to go to market", "the rest of the list", "a tree node", "Express your view", "how do i express an API",
        "ha, funny", "3 lb of it", "Spring came early", "there is no SQL in it", "in the lambda house", "Next.js",
        "lambda expression", "the nest", "What is GitLab CI?",
    ],
)  # fmt: skip
def test_ordinary_words_and_other_names_are_no_aliases(query: str) -> None:
    assert _ours().widen(query).text == query


@pytest.mark.parametrize("query", ["node", "Node developers", "frameworks for node", "is express a framework?", "HA"])
def test_ordinary_words_are_aliases_in_technical_company(query: str) -> None:
    assert [each.reason for each in _ours().widen(query).replaced] == ["alias"]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("waht is kuberntes", "what is Kubernetes"),
        ("wich framwork", "which framework"),
        ("diffrence betwen frontend and bakend", "difference between frontend and backend"),
        ("Whcih databse?", "Which database?"),
        ("posgres", "PostgreSQL (postgres)"),
        ("sprign boot", "Spring Boot"),
        ("JTW", "JWT"),
        ("web sever", "web server"),
        ("what is expres.js", "what is Express.js"),
        ("wordpres", "WordPress"),
        ("acid propertys", "acid properties"),
        ("contianers", "containers"),
    ],
)
def test_slips_are_set_right(query: str, text: str) -> None:
    widened = _ours().widen(query)
    assert widened.text == text
    assert {each.reason for each in widened.replaced} == {"spelling"}


@pytest.mark.parametrize(
    "query",
    [
        "Is there an intranet login?", "commuting to invoices", "synchronous", "How to motivate?", "brunch", "sqs",
        "was ist der Unterschied zwischen Authentifizierung und Autorisierung", "was ist eine Datenbnak und ein Servre",
        "Tarnova", "gRPC FastAPI Kafka DynamoDB Gradle Ansible NUnit QUIC", "C++ and C#", "x9q7kz", "naïve façade",
    ],
)  # fmt: skip
def test_what_may_be_right_is_left_alone(query: str) -> None:
    assert _ours().widen(query).text == query


def _lexicon_terms() -> list[str]:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return [line.partition("\t")[0].lstrip("~") for line in lines if not line.startswith("# ")]


@pytest.mark.parametrize(("lexicon", "at_most"), [(True, 0.01), (False, 0.03)])
def test_foreign_terms_are_not_corrected(lexicon: bool, at_most: float) -> None:
    terms = _lexicon_terms()
    replaced = {term: _ours(lexicon).widen(f"do i need {term}?").replaced for term in terms}
    wrong = [term for term, found in replaced.items() if any(each.reason == "spelling" for each in found)]
    assert len(wrong) <= at_most * len(terms), wrong


def test_right_questions_are_hardly_touched() -> None:
    files = sorted((OURS / "questions").glob("*.jsonl"))
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    kinds = {"definition", "lookup", "yesno", "list", "compare", "why"}
    right = [row["question"] for row in rows if row["kind"] in kinds]
    touched = [q for q in right if any(each.reason == "spelling" for each in _ours().widen(q).replaced)]
    assert len(touched) <= 0.005 * max(len(right), 1), touched


def _tells(text: str, term: str) -> bool:
    return bool(set(stems(term)) & set(stems(text))) or fold(term) in fold(text)


def test_every_alias_of_our_glossary_leads_to_its_term() -> None:
    names = [(alias, entry.term) for entry in read_glossary(OURS).entries for alias in entry.aliases]
    lost = [(alias, term) for alias, term in names if not _tells(_ours().widen(alias).text, term)]
    assert not lost


def test_one_slip_in_a_term_is_set_right() -> None:
    terms = [entry.term for entry in read_glossary(OURS).entries if re.fullmatch(r"[A-Za-z]{6,}", entry.term)]
    slips = [(term, term[:at] + term[at + 1] + term[at] + term[at + 2 :]) for term in terms for at in (2, 3)]
    slips += [(term, term[:at] + term[at + 1 :]) for term in terms for at in (2, 4)]
    plain = [(term, slip.lower()) for term, slip in slips if not is_english(slip) and slip.lower() != term.lower()]
    lost = [(term, slip) for term, slip in plain if term.lower() not in _ours().widen(f"what is {slip}").text.lower()]
    assert len(lost) <= 0.05 * len(plain), lost


def test_a_guide_without_glossary_still_gets_its_words_right() -> None:
    assert _small().widen("the hamemr and nials").text == "the hammer and nails"


@pytest.mark.parametrize(
    "query",
    ["", " ", "???", "\x00", "a" * 100_000, "k8s " * 10_000, "🙂", "s", "'s", "..", "İ ß"],
)
def test_odd_queries_do_no_harm(query: str) -> None:
    assert isinstance(_ours().widen(query).text, str)


def test_widening_twice_changes_nothing_more() -> None:
    for query in ("do i need k8s", "waht is kuberntes", "posgres", "nodejs", "what is 2FA"):
        once = _ours().widen(query).text
        assert _ours().widen(once).text == once
