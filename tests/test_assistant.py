"""The product itself: the real model over the real guide. Wording and confidence may change, these promises not."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

import parts
from answering.answer import Answer, Status
from answering.assistant import Assistant
from answering.bank import read_bank
from answering.plain import LONGEST_QUESTION
from answering.wording import CLOSEST
from ingest.errors import GuideError
from settings import Settings

GIT, NOSQL, DEBUGGING = "version-control-git", "understanding-of-databases/nosql-databases", "testing-and-debugging"
ODD = {
    "empty": "", "blank": " \t\n\u00a0", "mark": "?!", "long": "why " * 2500, "control": "\x07\x1b\x9b\x7f",
    "nul": "\0", "emoji": "🙂🚀", "hidden": "\u202e\u200b\ufeff", "half": "\ud800", "halves": "\udfff\ud83d",
}  # fmt: skip
UNUSUAL = {
    "emoji and words": "What is Git? 🚀", "arabic": "ما هي قواعد البيانات؟", "hebrew": "\u202eמה זה גיט?",
    "controls within": "What\x00 is \x1b[1mGit\x07?", "half within": "What is \ud83d Git?", "one letter": "a",
    "one word": "x" * LONGEST_QUESTION, "combining": "G" + "\u0301" * 900, "markup": "<script>a</script> [1] **x**",
    "number": "42", "chinese": "什么是数据库", "pattern": "(((((a+)+)+)+)$ [[]] {0} %s",
}  # fmt: skip


def check_honest(answer: Answer, assistant: Assistant) -> None:
    """Quotes are the guide's own, markers match them, and nothing is said beside them."""
    rest = answer.answer
    if answer.status is Status.NOT_COVERED:
        assert not answer.citations and rest.strip() and "\n" not in rest
        return
    assert answer.citations
    if answer.status is Status.CLOSEST:
        assert rest.startswith(CLOSEST)
        rest = rest.removeprefix(CLOSEST)
    for number, cited in enumerate(answer.citations, 1):
        document = assistant.document(cited.document)
        assert cited.number == number
        assert cited.quote and cited.quote == document.text[cited.start : cited.end]
        above = [section for section in document.sections if section.start <= cited.start and cited.end <= section.end]
        assert (above[-1].id, above[-1].headings) == (cited.section, cited.headings)
        passage = assistant.passage(cited.passage)
        assert passage is not None and passage.start <= cited.start <= cited.end <= passage.end
        before, marked, rest = rest.partition(f"{cited.quote} [{number}]")
        assert marked and not before.strip()
    assert not rest.strip()


def told(answer: Answer) -> dict[str, object]:
    """All but the time it took."""
    return answer.model_dump(exclude={"milliseconds"})


def test_a_question_that_the_guide_answers_is_answered(assistant: Assistant) -> None:
    answer = assistant.ask("What is Git?")
    assert answer.status is Status.ANSWERED and not answer.nearest and answer.missing is None
    assert GIT in {each.section for each in answer.citations}
    assert any("version control" in each.quote for each in answer.citations)
    check_honest(answer, assistant)


def test_a_question_near_the_guide_gets_the_closest_and_is_told_so(assistant: Assistant) -> None:
    answer = assistant.ask("What port does PostgreSQL use?")
    assert answer.status is Status.CLOSEST and answer.nearest
    assert any("PostgreSQL" in each.quote for each in answer.citations)
    check_honest(answer, assistant)


def test_a_question_about_something_else_is_not_answered(assistant: Assistant) -> None:
    answer = assistant.ask("Who won the football world cup of 2010?")
    assert answer.status is Status.NOT_COVERED and answer.nearest
    assert answer.confidence < assistant.ask("What is Git?").confidence
    check_honest(answer, assistant)


@pytest.mark.parametrize("question", read_bank(Path(__file__).parents[1] / "content")[::199], ids=lambda each: each.id)
def test_whatever_is_asked_the_words_are_the_guides(assistant: Assistant, question: object) -> None:
    asked = vars(question)
    check_honest(assistant.ask(asked["question"], asked["turns"]), assistant)


@pytest.mark.parametrize(
    ("question", "lead_in", "items"),
    [
        ("Which Git commands should I know?", "Key Git commands:", ["init", "clone", "commit", "branch", "merge"]),
        ("What debugging tools are there?", "debugging tools, for example:", ["GDB", "Xdebug", "Chrome DevTools"]),
    ],
)
def test_a_list_is_given_whole_with_what_introduces_it(
    assistant: Assistant, question: str, lead_in: str, items: list[str]
) -> None:
    answer = assistant.ask(question)
    (quote,) = [each.quote for each in answer.citations if lead_in in each.quote]
    assert [quote.index(item) for item in items] == sorted(quote.index(item) for item in items)
    check_honest(answer, assistant)


@pytest.mark.parametrize("question", ODD.values(), ids=ODD)
def test_what_is_no_question_gets_one_clear_sentence(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert (answer.status, answer.citations, answer.confidence) == (Status.NOT_COVERED, (), 0)
    assert answer.answer.startswith("Please ") and "\n" not in answer.answer
    assert len(answer.question) <= LONGEST_QUESTION
    assert json.loads(answer.model_dump_json())["answer"] == answer.answer


@pytest.mark.parametrize("question", UNUSUAL.values(), ids=UNUSUAL)
def test_an_unusual_question_is_answered_or_not_and_never_fails(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question, [question, *ODD.values()])
    check_honest(answer, assistant)
    assert json.loads(answer.model_dump_json())["status"] == answer.status


def test_signs_that_nobody_sees_make_no_difference(assistant: Assistant) -> None:
    plain, dressed = assistant.ask("What is Git?"), assistant.ask("\u202eWhat\u200b is\x07  Git?\ufeff")
    assert (dressed.answer, dressed.standalone_question) == (plain.answer, plain.standalone_question)


def test_a_follow_up_is_understood_by_what_was_asked_before(assistant: Assistant) -> None:
    answer = assistant.ask("And NoSQL?", ["What is a relational database good for?"])
    assert "NoSQL" in answer.standalone_question and "good for" in answer.standalone_question
    assert answer.question == "And NoSQL?"
    assert NOSQL in {each.section for each in (*answer.citations, *answer.nearest)}


def test_a_follow_up_to_nothing_asks_what_is_meant(assistant: Assistant) -> None:
    answer = assistant.ask("Why is that?")
    assert answer.status is Status.NOT_COVERED and not answer.citations and not answer.nearest
    assert answer.answer.startswith("What does this refer to?")


def test_the_reader_may_say_how_a_question_is_meant(assistant: Assistant) -> None:
    meant = assistant.ask("And that?", ["What is Docker?"], standalone=" What is\nGit? ")
    assert (meant.question, meant.standalone_question) == ("And that?", "What is Git?")
    assert meant.answer == assistant.ask("What is Git?").answer
    for nothing in ("", " \u200b", None):
        unsaid = assistant.ask("Who uses it?", ["What is Go?"], standalone=nothing)
        assert "Go" in unsaid.standalone_question


def test_asking_leaves_no_trace(assistant: Assistant) -> None:
    before = told(assistant.ask("Why is that?"))
    assistant.ask("What is Docker?")
    assert told(assistant.ask("Why is that?")) == before


def test_search_gives_as_many_as_are_wanted_best_first(assistant: Assistant) -> None:
    hits = assistant.search("containers", 5)
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5] and "Containers" in hits[0].headings[-1]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert "containers" in hits[0].why.keyword
    assert assistant.search("containers", 1) == hits[:1] and assistant.search("containers", 0) == ()
    for hit in hits:
        assert assistant.document(hit.document).text[hit.start : hit.end].strip() == hit.text


def test_search_keeps_to_a_section_and_those_under_it(assistant: Assistant) -> None:
    hits = assistant.search("tools", 50, DEBUGGING)
    assert {hit.section for hit in hits} == {f"{DEBUGGING}/{each}-testing" for each in ("unit", "integration")} | {
        f"{DEBUGGING}/debugging-tools"
    }


@pytest.mark.parametrize("section", ["testing", "", "Testing-and-debugging", "\ud800"])
def test_an_unknown_section_is_an_error_that_names_it(assistant: Assistant, section: str) -> None:
    with pytest.raises(GuideError, match="no section") as found:
        assistant.search("tools", 5, section)
    assert repr(section) in str(found.value) and str(found.value).isprintable()


def test_an_unknown_section_hears_the_nearest_one(assistant: Assistant) -> None:
    with pytest.raises(GuideError, match=rf"the nearest are: {DEBUGGING}/"):
        assistant.search("tools", 5, f"{DEBUGGING}/debuging-tool")


@pytest.mark.parametrize("query", ODD.values(), ids=ODD)
def test_a_search_for_nothing_is_an_error_in_one_line(assistant: Assistant, query: str) -> None:
    with pytest.raises(GuideError, match=r"^Please .*"):
        assistant.search(query)


def test_documents_and_passages_are_found_by_id(assistant: Assistant) -> None:
    (document,) = assistant.documents()
    assert assistant.document(document.id) == document
    hit = assistant.search("Git", 1)[0]
    passage = assistant.passage(hit.passage)
    assert passage is not None and passage.text.strip() == hit.text
    assert assistant.passage("gone") is None
    with pytest.raises(GuideError, match=f"no document 'gone' in the index; there are: {document.id}"):
        assistant.document("gone")


def test_every_example_is_answered(assistant: Assistant) -> None:
    examples = assistant.examples()
    assert 4 <= len(examples) == len(set(examples)) <= 6
    for question in examples:
        assert assistant.ask(question).status is Status.ANSWERED


def test_suggestions_lead_on_and_are_answered(assistant: Assistant) -> None:
    answer = assistant.ask("What is Git?")
    suggested = assistant.suggestions(answer)
    assert 1 <= len(suggested) <= 3 and answer.question not in suggested
    assert all(assistant.ask(each).status is Status.ANSWERED for each in suggested)
    assert assistant.suggestions(assistant.ask("")) == ()


def test_eight_visitors_at_once_get_what_each_would_get_alone(guide_index: Settings, assistant: Assistant) -> None:
    questions = [
        ("What is Git?", ()), ("And NoSQL?", ("What is a relational database good for?",)), ("", ()),
        ("Which Git commands are there?", ()), ("What port does PostgreSQL use?", ()), ("Who won the cup?", ()),
        ("Why is GraphQL faster than REST?", ()), ("Why is that?", ("What is Docker?",)),
    ]  # fmt: skip
    alone = [told(assistant.ask(*each)) for each in questions]
    cold, together = parts.assistant_over(guide_index), Barrier(8)

    def visit(first: int) -> list[dict[str, object]]:
        together.wait(60)
        answers = {place % 8: told(cold.ask(*questions[place % 8])) for place in range(first, first + 8)}
        return [answers[place] for place in range(8)]

    with ThreadPoolExecutor(8) as visitors:
        assert all(answers == alone for answers in visitors.map(visit, range(8)))


def test_nothing_of_this_reached_for_the_network(assistant: Assistant, network_attempts: list[str]) -> None:
    assistant.warm()
    assistant.ask("Is this question sent to anyone?")
    assert network_attempts == []


def test_small_talk_in_between_is_not_what_a_follow_up_refers_to(assistant: Assistant) -> None:
    answer = assistant.ask("and Kubernetes?", ["What is Docker used for?", "write me a poem about autumn"])
    assert "poem" not in answer.standalone_question
    assert answer.status is Status.ANSWERED


def test_what_the_title_promises_is_listed_by_its_headings(assistant: Assistant) -> None:
    answer = assistant.ask("What are the top skills you need to become a backend developer?")
    assert answer.status is Status.ANSWERED
    assert [each.section for each in answer.citations][4] == GIT and len(answer.citations) == 8
    check_honest(answer, assistant)
    assert [each.section for each in assistant.ask("List all the skills").citations] == [
        each.section for each in answer.citations
    ]


def test_a_hopeless_question_is_not_smothered_in_quotes(assistant: Assistant) -> None:
    answer = assistant.ask("What salary does a backend developer earn?")
    assert answer.status is Status.CLOSEST
    assert sum(len(each.quote.split()) for each in answer.citations) <= 60


def test_a_term_named_in_passing_says_so_with_a_note_that_is_not_the_answer(assistant: Assistant) -> None:
    answer = assistant.ask("What is SAML?")
    assert answer.in_passing == "SAML" and answer.note is not None
    assert answer.note.text not in answer.answer
    defined = assistant.ask("What is Docker?")
    assert defined.in_passing is None
