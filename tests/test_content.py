"""Our guide is what the rest of the project takes it for; what it says is compared with nothing here."""

import hashlib
from collections import defaultdict

import pytest

from ingest.documents import Block, BlockKind, Document
from ingest.reader import read_corpus
from settings import PROJECT

SECTIONS = [
    "backend-development-what-is-it-actually",
    "a-quick-sneak-peek-into-backend-development",
    "key-responsibilities-of-a-backend-developer",
    "proficiency-in-programming-languages",
    "proficiency-in-programming-languages/python",
    "proficiency-in-programming-languages/javascript-node-js",
    "proficiency-in-programming-languages/java",
    "proficiency-in-programming-languages/other-languages",
    "understanding-of-databases",
    "understanding-of-databases/relational-databases-sql",
    "understanding-of-databases/nosql-databases",
    "knowledge-of-api-development",
    "knowledge-of-api-development/restful-apis",
    "knowledge-of-api-development/graphql",
    "familiarity-with-server-cloud-and-hosting-services",
    "familiarity-with-server-cloud-and-hosting-services/web-servers",
    "familiarity-with-server-cloud-and-hosting-services/cloud-services",
    "familiarity-with-server-cloud-and-hosting-services/containers-and-orchestration",
    "version-control-git",
    "security-best-practices",
    "security-best-practices/authentication-and-authorization",
    "security-best-practices/data-encryption",
    "security-best-practices/handling-vulnerabilities",
    "testing-and-debugging",
    "testing-and-debugging/unit-testing",
    "testing-and-debugging/integration-testing",
    "testing-and-debugging/debugging-tools",
    "understanding-of-devops-and-ci-cd",
    "understanding-of-devops-and-ci-cd/continuous-integration-and-continuous-deployment-ci-cd",
    "understanding-of-devops-and-ci-cd/infrastructure-as-code-iac",
]
LANGUAGES = ["Python", "JavaScript", "Java", "Ruby", "PHP", "Go (Golang)"]


@pytest.fixture(scope="module")
def guide() -> Document:
    corpus = read_corpus(PROJECT / "content")
    assert not corpus.skipped
    (document,) = corpus.documents
    return document


def _blocks(guide: Document, kind: BlockKind) -> list[Block]:
    return [block for block in guide.blocks if block.kind is kind]


def test_the_front_matter_says_what_it_is_and_what_it_is_based_on(guide: Document) -> None:
    title = "Top Skills You Need to Become a Backend Developer"
    assert (guide.id, guide.title, guide.language, guide.flags) == ("backend-developer-skills", title, "en", ())
    expected = {
        "title": title, "subject": "backend developer skills", "based_on.title": title,
        "based_on.publisher": "Nexium blog", "based_on.category": "Web Development", "language": "en",
    }  # fmt: skip
    assert expected.items() <= guide.metadata.items()
    assert guide.metadata["date"]


def test_it_has_thirty_sections_under_its_title(guide: Document) -> None:
    assert [section.id for section in guide.sections if section.level] == SECTIONS
    assert len(SECTIONS) == 30


def test_the_eight_skills_keep_their_numbers_for_readers(guide: Document) -> None:
    numbered = [section.heading for section in guide.sections if section.heading[:1].isdigit()]
    assert [heading.split(".")[0] for heading in numbered] == [str(number) for number in range(1, 9)]


def test_every_section_of_the_lowest_level_says_something(guide: Document) -> None:
    parents = {section.parent for section in guide.sections}
    said = {block.section for block in guide.blocks if block.kind is not BlockKind.HEADING}
    assert not [section.id for section in guide.sections if section.level and section.id not in parents | said]


def test_every_list_item_is_introduced(guide: Document) -> None:
    items = _blocks(guide, BlockKind.LIST_ITEM)
    assert len(items) >= 45
    leads = {block.start: block.lead_in.of(guide.text) if block.lead_in else "" for block in items}
    assert not [leads[block.start] for block in items if not leads[block.start].endswith(":")]
    lists: dict[int | None, set[str]] = defaultdict(set)
    for block in items:
        lists[block.group].add(leads[block.start])
    assert None not in lists
    assert all(len(each) == 1 for each in lists.values())


def test_the_comparison_of_languages_is_a_table(guide: Document) -> None:
    rows = _blocks(guide, BlockKind.TABLE_ROW)
    assert [row.of(guide.text).split(" — ")[0] for row in rows] == LANGUAGES
    for row in rows:
        assert row.columns == ("Language", "Strengths", "Popular Frameworks")
        assert all(f"{column}: " in row.of(guide.text) for column in row.columns[1:])
        assert row.section == "proficiency-in-programming-languages"
        assert row.lead_in and "programming languages" in row.lead_in.of(guide.text)


def test_its_reading_text_holds_no_marks(guide: Document) -> None:
    assert not [mark for mark in ("**", "](", "http", "<", "|", "\n#", "\t", "\r") if mark in guide.text]
    assert all(line == line.rstrip() for line in guide.text.split("\n"))


def test_nobody_is_left_to_guess_what_it_and_they_are(guide: Document) -> None:
    sentences = [line for line in guide.text.split("\n") if line.startswith(("It ", "They ", "This ", "These "))]
    assert not sentences, "a paragraph that is quoted alone must name what it is about"


def test_its_reading_text_stays_what_the_question_bank_and_the_model_were_made_for(guide: Document) -> None:
    """Whoever changes the guide writes the new digest here, and fits the model anew; a parser never may change it."""
    assert hashlib.sha256(guide.text.encode()).hexdigest().startswith("fa1be015c00a60a9")
