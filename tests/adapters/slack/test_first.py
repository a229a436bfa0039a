from tests.adapters.slack.office import Office, Transport, workspace
from tests.builders import CHAIR, PRIVATE, CIVIL, GOOD
import pytest


@pytest.fixture
def slack_workspace():
    return workspace()


@pytest.mark.parametrize("transport", list(Transport))
def test_first(slack, transport):
    with Office(slack, transport) as office:
        print(office.says(PRIVATE, "help"))
        print(office.says(PRIVATE, ""))
        seen = office.slash(PRIVATE, "propose")
        print(office.people.modal("qiang.r").text)
        modal = office.people.modal("qiang.r")
        seen = office.people.submit(
            "qiang.r",
            modal,
            {
                "What is the working group called?": "Multi-year Work",
                "Its short name?": "WG-MWP",
                "Purpose of the WG": "P\n\n- a\n- b",
                "Objectives/Goals of the WG": "O",
                "Expected Output(s)": "X",
                "Timeframe for the work": "2027",
            },
        )
        print(seen.action, seen.errors)
        office.settle()
        print(office.people.modal("qiang.r").text)
        for m in office.people.messages("qiang.r", "mag"):
            print("---", m.text)
        office.later("7d")
        office.later("7d")
        for m in office.people.messages("qiang.r", "mag"):
            print("---", m.text)
        m = office.sees(CIVIL, "Consensus check")
        s = office.click(CIVIL, m, "Support")
        print(office.edge.replies.posted)
        for m in office.people.messages("amina.a", "@"):
            print("--- DM", m.text)
