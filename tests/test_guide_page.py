"""Every state of the page on which one reads, through the front door, with a scripted assistant."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from tests.fakes_ui import ScriptedAssistant, document, way
from tests.pages import ask, components, opened, settled, started
from ui.holder import offer
from ui.links import guide_link, section_params

pytestmark = pytest.mark.usefixtures("nothing_offered")


@pytest.fixture
def assistant() -> ScriptedAssistant:
    return ScriptedAssistant()


@pytest.fixture
def app(assistant: ScriptedAssistant) -> AppTest:
    """The page of the scripted assistant, open and ready."""
    offer(way(assistant))
    return opened()


def test_the_guide_opens_at_the_sentence_of_a_citation(app: AppTest, assistant: ScriptedAssistant) -> None:
    cited = assistant.citation(1, "The claw hammer also pulls nails out.")
    ask(app, "What does a hammer do?").switch_page("ui/guide.py")
    app.query_params.update({"document": "workshop", "passage": cited.passage})
    app.query_params.update({"start": str(cited.start), "end": str(cited.end)})
    reader = components(app.run())[0]
    rows = [row for node in reader["nodes"] for row in node["rows"]]
    marked = [run["text"] for row in rows for cell in row["cells"] for run in cell if run["mark"]]
    assert marked == [cited.quote]
    assert not app.warning
    app.switch_page("ui/chat.py").run()
    assert len(app.chat_message) == 2


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ({"passage": "gone", "section": "saws", "start": "1", "end": "5"}, "has changed since the link was made"),
        ({"section": "nowhere"}, "is not in this guide any more"),
    ],
)
def test_an_old_link_opens_its_section_and_says_so(app: AppTest, query: dict[str, str], notice: str) -> None:
    app.switch_page("ui/guide.py")
    app.query_params.update({"document": "workshop"} | query)
    reader = components(app.run())[0]
    assert notice in app.warning[0].value
    assert reader["at"].endswith("section=saws") is (query["section"] == "saws")


def test_the_address_of_a_citation_leads_to_its_section_when_the_passage_is_gone(
    app: AppTest, assistant: ScriptedAssistant
) -> None:
    cited = assistant.citation(1, "Oil the blade once a month:")
    assistant.passage_of.clear()
    app.switch_page("ui/guide.py")
    app.query_params.update(dict(parse_qsl(urlsplit(cited.url).query)))
    reader = components(app.run())[0]
    assert "This is the section in which it stood." in app.warning[0].value
    assert reader["at"] == guide_link(section_params(cited.document, cited.section))


def test_an_unknown_document_shows_the_ones_there_are(assistant: ScriptedAssistant) -> None:
    assistant.guides = (document(), document("# Glue\n\nGlue sticks.\n", "glue"))
    offer(way(assistant))
    at = opened().switch_page("ui/guide.py")
    at.query_params["document"] = "<nope>"
    at.run()
    assert "No document" in at.error[0].value
    assert at.selectbox[0].options == ["The workshop guide", "Glue"]
    at.selectbox[0].set_value("glue").run()
    assert components(at)[0]["nodes"][0]["runs"][0]["text"] == "Glue"


def test_the_guide_can_be_read_while_the_model_loads(assistant: ScriptedAssistant) -> None:
    assistant.may_warm.clear()
    offer(way(assistant))
    at = started()
    assert components(settled(at.switch_page("ui/guide.py").run()))[0]["nodes"]
    assistant.may_warm.set()
