import json
from pathlib import Path

import pytest
from rich.console import Console

from evaluation.datasets import SETS, read_indexes
from evaluation.public import Public, measure
from evaluation.report import SetReport, _sets
from evaluation.subject import silent
from ingest.errors import GuideError
from tests.fakes_eval import Line, Workshop

TEXTS = {
    "d1": ("Red_apples", "An apple is a fruit. It grows on trees. Most apples are red or green. They keep for weeks."),
    "d2": ("Pears", "A pear is a fruit too. Pears bruise easily. They ripen from the inside out."),
    "d3": ("Stones", "A stone is hard. Granite holds quartz. Marble was limestone once."),
}


def write_set(data: Path, name: str, queries: list[dict[str, object]], relevant: dict[str, list[str]]) -> None:
    folder = data / name
    (folder / "qrels").mkdir(parents=True)
    corpus = [{"_id": each, "title": title, "text": text} for each, (title, text) in TEXTS.items()]
    (folder / "corpus.jsonl").write_text("".join(json.dumps(each) + "\n" for each in corpus))
    (folder / "queries.jsonl").write_text("".join(json.dumps(each) + "\n" for each in queries))
    rows = [f"{query}\t{each}\t1\n" for query, found in relevant.items() for each in found]
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n" + "".join(rows))


def write_scifact(data: Path) -> None:
    queries: list[dict[str, object]] = [
        {"_id": "q1", "text": "apples grow on trees"},
        {"_id": "q2", "text": "granite"},
        {"_id": "q3", "text": "nobody has judged this"},
        {"_id": "q4", "text": "zzz"},
        {"_id": "q5", "text": "most are red or green; a pear is too"},
    ]
    write_set(data, "scifact", queries, {"q1": ["d1"], "q2": ["d2"], "q4": ["d3"], "q5": ["d1"]})


def measured(data: Path, workshop: Workshop, sample: int | None = None) -> dict[str, SetReport]:
    reports, _ = measure(Public(data=data, work=data / "work", open_over=workshop), sample, silent)
    return {each.name: each for each in reports}


def test_documents_have_their_title_as_heading(tmp_path: Path) -> None:
    write_scifact(tmp_path)
    (index,) = read_indexes(tmp_path)
    first = index.corpus.documents[0]
    assert first.id == "d1" and first.sections[0].headings == ("Red apples",)
    assert first.text == f"Red apples\n\n{TEXTS['d1'][1]}"


def test_a_document_is_as_good_as_its_best_passage(tmp_path: Path) -> None:
    write_scifact(tmp_path)
    found = measured(tmp_path, Workshop())["scifact"]
    # q1 finds its document first, q2 finds another's, q4 finds nothing, q5 has d1's other passage behind d2;
    # q3 has no judgement and does not count.
    assert found.retrieval["nDCG@10"] == pytest.approx(2 / 4)
    assert found.retrieval["R@100"] == pytest.approx(2 / 4)
    assert (found.queries, found.documents, found.sampled) == (4, 3, False)


def test_abstention_is_measured_by_the_assistants_confidence(tmp_path: Path) -> None:
    queries: list[dict[str, object]] = [
        {"_id": "y", "text": "What ripens?", "is_impossible": False, "paragraph_id": "d2"},
        {"_id": "n", "text": "What does a pear cost?", "is_impossible": True, "paragraph_id": "d2"},
    ]
    write_set(tmp_path, "squad2", queries, {"y": ["d2"]})
    script = {"What ripens?": Line(("They ripen from the inside out.",), 0.8), "What does a pear cost?": Line((), 0.3)}
    found = measured(tmp_path, Workshop(script))["squad2"]
    assert found.abstention is not None and found.abstention.value == 1
    assert found.risk is not None and found.risk.error_at == {"50%": 0, "70%": 0.5, "90%": 0.5}


def test_an_answer_from_the_wrong_document_is_wrong(tmp_path: Path) -> None:
    queries: list[dict[str, object]] = [{"_id": "y", "text": "What ripens?", "answerable": True, "paragraph_id": "d2"}]
    write_set(tmp_path, "clapnq", queries, {"y": ["d2"]})
    found = measured(tmp_path, Workshop({"What ripens?": Line(("Granite holds quartz.",), 0.8)}))["clapnq"]
    assert found.risk is not None and found.risk.error_at["90%"] == 1


def test_followups_are_searched_as_understood_and_as_typed(tmp_path: Path) -> None:
    history = [{"speaker": "user", "text": "Tell me of pears"}, {"speaker": "agent", "text": "granite, marble"}]
    queries: list[dict[str, object]] = [{"_id": "q", "text": "do they bruise easily?", "history": history}]
    write_set(tmp_path, "mtrag", queries, {"q": ["d1"]})
    workshop = Workshop({"do they bruise easily?": Line(standalone="do apples grow on trees?")})
    found = measured(tmp_path, workshop)["mtrag"]
    assert found.retrieval["R@1"] == 1 and found.last_turn["R@1"] == 0
    assert workshop.opened[0][2].asked == [("do they bruise easily?", ("Tell me of pears",))]


def test_sets_of_one_index_share_it(tmp_path: Path) -> None:
    queries: list[dict[str, object]] = [{"_id": "y", "text": "What ripens?", "answerable": True, "paragraph_id": "d2"}]
    write_set(tmp_path, "clapnq", queries, {})
    write_set(tmp_path, "squad2", [{**queries[0], "is_impossible": False}], {})
    workshop = Workshop()
    assert measured(tmp_path, workshop).keys() == {"clapnq", "squad2"}
    assert len(workshop.opened) == 1


def test_a_sample_keeps_what_its_queries_need_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evaluation.datasets.NOISE_PER_QUERY", 1)
    write_scifact(tmp_path)
    whole, sample = Workshop(), Workshop()
    measured(tmp_path, whole)
    found = measured(tmp_path, sample, sample=1)["scifact"]
    assert (found.queries, found.documents, found.sampled) == (1, 2, True)
    assert whole.opened[0][1] != sample.opened[0][1], "an index of other documents needs another folder"


def test_missing_sets_are_named(tmp_path: Path) -> None:
    write_scifact(tmp_path)
    _, remarks = measure(Public(data=tmp_path, work=tmp_path, open_over=Workshop()), None, silent)
    assert len(remarks) == len(SETS) - 1
    assert f"the set squad2 is missing: there is no {tmp_path / 'squad2' / 'corpus.jsonl'}" in remarks


def test_a_folder_without_any_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GuideError, match="--data"):
        measure(Public(data=tmp_path, work=tmp_path, open_over=Workshop()), None, silent)


def test_a_broken_line_of_a_set_is_named(tmp_path: Path) -> None:
    write_scifact(tmp_path)
    (tmp_path / "scifact" / "queries.jsonl").write_text('{"_id": "q1", "text": "a"}\n{"_id": \n')
    with pytest.raises(GuideError, match=r"queries\.jsonl, line 2: not JSON"):
        measured(tmp_path, Workshop())


def test_goals_are_shown_for_whole_sets_only(tmp_path: Path) -> None:
    write_scifact(tmp_path)
    whole = measured(tmp_path, Workshop())["scifact"]
    shown = [_text(each) for each in (whole, whole.model_copy(update={"sampled": True}))]
    assert ["0.735" in text for text in shown] == [True, False]
    assert "sampled" in shown[1]


def _text(report: SetReport) -> str:
    console = Console(width=140)
    with console.capture() as capture:
        console.print(_sets([report]))
    return capture.get()
