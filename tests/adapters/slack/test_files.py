"""Files attached to a form: fetched with the bot's token from Slack alone, read whole, and what is wrong with one is said."""

from __future__ import annotations

import asyncio
import re
from typing import Any
from urllib.request import Request, urlopen

import pytest

from adapters.slack import files, windows
from bot.domain.groups import GroupName, find_group
from bot.domain.proposals import Sections, latest
from tests.adapters.slack.office import Office, handle
from tests.builders import MAG, PRIVATE
from tests.contracts.renderers import lettered
from tests.support.slack.seen import View

Json = dict[str, Any]

PROPOSAL = """# Long Text (WG-LT)

## Purpose of the WG

{purpose}

## Objectives/Goals of the WG

- A plan for three years by June 2027

## Expected Output(s)

- A plan

## Timeframe for the work

January to June 2027
"""
SCRIPTS = {
    "latin": lettered(20_000),
    "arabic": ("نحتاج إلى أفق أبعد " * 2_000)[:19_999] + "م",
    "emoji": ("👩🏽\u200d🚀 " * 5_000)[:19_999] + "🇺",
}


def uploaded(office: Office, data: bytes, name: str = "proposal.md") -> Json:
    """A file as Slack tells of it in a form's state. (The emulator shows an app only files of its own.)"""
    made = office.edge.api("files.getUploadURLExternal", filename=name, length=str(len(data)))
    with urlopen(Request(made["upload_url"], data, method="POST")) as answered:  # noqa: S310 — the edge's own
        assert answered.status == 200
    office.edge.api("files.completeUploadExternal", files=[{"id": made["file_id"]}])
    told: Json = office.edge.api("files.info", file=made["file_id"])["file"]
    return told


def attach(office: Office, file: Json, view: View | None = None) -> str:
    """Attach it to the form for a whole proposal, a new one or a `view`, and send that off; what it says in the end."""
    if view is None:
        office.slash(PRIVATE, "propose text")
    seen = office.people.submit(handle(PRIVATE), view or window(office), {"text#file": [file]})
    assert seen.acked
    office.settle()
    return "\n".join([*seen.errors.values(), window(office).text])


def window(office: Office) -> View:
    return office.people.modal(handle(PRIVATE))


def sections_of(office: Office, name: str) -> Sections:
    with office.store.reading() as reads:
        return latest(reads, find_group(reads, MAG, name)).sections


def nothing_proposed(office: Office) -> bool:
    with office.store.reading() as reads:
        return not reads.all(GroupName, community=MAG)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_section_of_twenty_thousand_letters_in_a_file_is_whole(office: Office, script: str) -> None:
    said = attach(office, uploaded(office, PROPOSAL.format(purpose=SCRIPTS[script]).encode()))
    assert "WG-LT is proposed" in said
    assert len(SCRIPTS[script]) == 20_000
    assert sections_of(office, "WG-LT").purpose == SCRIPTS[script]


@pytest.mark.parametrize("script", SCRIPTS)
def test_and_one_letter_more_is_refused_in_a_window_that_slack_takes(office: Office, script: str) -> None:
    said = attach(office, uploaded(office, PROPOSAL.format(purpose=SCRIPTS[script] + "x").encode()))
    assert "20000" in said.replace(",", "").replace("’", "")
    assert nothing_proposed(office)


def test_a_text_far_too_long_is_refused_in_a_window_that_slack_takes(office: Office) -> None:
    said = attach(office, uploaded(office, ("م" * 400_000).encode()))
    assert "150000" in said.replace(",", "").replace("’", "")
    assert nothing_proposed(office)


def test_with_the_marks_a_spreadsheet_or_windows_writes(office: Office) -> None:
    text = PROPOSAL.format(purpose="Needed.").replace("\n", "\r\n")
    said = attach(office, uploaded(office, b"\xef\xbb\xbf" + text.encode()))
    assert "WG-LT is proposed" in said
    assert sections_of(office, "WG-LT").purpose == "Needed."


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (PROPOSAL.format(purpose="Déjà vu.").encode("latin-1"), "is not UTF-8 text: byte"),
        (b"", "could not be fetched"),
        (b"x" * (files.LARGEST + 1), "is larger than 5 megabytes"),
    ],
    ids=["not UTF-8", "empty", "too large"],
)
def test_a_file_that_cannot_be_read_says_why(office: Office, data: bytes, said: str) -> None:
    file = uploaded(office, data or b"x")
    if not data:
        file = {**file, "url_private_download": f"{office.edge.url}/files-pri/nothing"}
    assert said in attach(office, file)
    assert nothing_proposed(office)
    # and the form is there to be sent again
    attach(office, uploaded(office, PROPOSAL.format(purpose="Needed.").encode()), window(office))
    assert sections_of(office, "WG-LT").purpose == "Needed."


def test_a_redirection_is_not_followed_and_not_read(office: Office) -> None:
    file = uploaded(office, b"x")
    office.edge.trouble("download", status=302, headers={"Location": "https://elsewhere.example/"})
    assert "could not be fetched" in attach(office, file)


@pytest.mark.parametrize(
    "address",
    [
        "https://files.slack.com.evil.example/files-pri/T1-F1/a.md",
        "https://evilslack.com/files-pri/T1-F1/a.md",
        "http://files.slack.com/files-pri/T1-F1/a.md",
        "https://user@evil.example/.slack.com",
        "file:///etc/passwd",
    ],
)
def test_the_token_goes_to_no_address_but_slacks(office: Office, address: str) -> None:
    file = {**uploaded(office, b"x"), "url_private_download": address, "url_private": address}
    assert "does not lie with Slack" in attach(office, file)


def test_a_file_told_of_by_its_id_alone_is_looked_up(office: Office) -> None:
    file = uploaded(office, PROPOSAL.format(purpose="Needed.").encode())
    attach(office, {name: file[name] for name in ("id", "name")})
    assert sections_of(office, "WG-LT").purpose == "Needed."


@pytest.mark.parametrize(
    "trouble", [{"body": {"ok": False, "error": "file_not_found"}}, {"status": 500}, {"before": True, "times": 2}]
)
def test_one_that_cannot_be_looked_up_is_said_to_be_missing(office: Office, trouble: Json) -> None:
    file = uploaded(office, PROPOSAL.format(purpose="Needed.").encode())
    office.edge.trouble("files.info", **trouble)
    assert "could not be fetched" in attach(office, {name: file[name] for name in ("id", "name")})
    assert nothing_proposed(office)


def test_refused_for_what_it_says_and_sent_again_when_the_world_has_changed(office: Office) -> None:
    first = uploaded(office, PROPOSAL.format(purpose="First.").encode())
    attach(office, first)
    office.people.close(handle(PRIVATE), window(office))
    assert "WG-LT is taken" in attach(office, first)
    office.says(PRIVATE, "propose withdraw WG-LT")
    assert "WG-LT is proposed" in attach(office, first, window(office))


@pytest.fixture
def slowly(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Files take longer to come than Slack waits for an answer."""
    monkeypatch.setattr(windows, "READ_SECONDS", 0.05)
    monkeypatch.setattr(windows, "SHOWN_SECONDS", 0.2)
    office.edge.trouble("download", delay=0.1)
    return office


def begin(office: Office, file: Json) -> View:
    """Send a form with a file off; what is shown at once."""
    office.slash(PRIVATE, "propose text")
    office.people.submit(handle(PRIVATE), window(office), {"text#file": [file]})
    return window(office)


def test_one_that_takes_long_is_said_to_be_read_and_answered_in_the_same_window(slowly: Office) -> None:
    assert "Reading the file" in begin(slowly, uploaded(slowly, PROPOSAL.format(purpose="Needed.").encode())).text
    slowly.settle()
    assert "WG-LT is proposed" in window(slowly).text


def test_one_that_takes_long_and_is_refused_brings_the_form_back(slowly: Office) -> None:
    file = uploaded(slowly, PROPOSAL.format(purpose="").encode())
    begin(slowly, file)
    slowly.settle()
    assert "Purpose of the WG" in window(slowly).text
    assert "text#file" in [block["block_id"] for block in window(slowly).blocks]


def test_a_bug_while_a_file_is_read_is_told_in_the_window_that_waits(
    slowly: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    file = uploaded(slowly, b"x")

    async def broken(*_: object) -> bytes:
        await asyncio.sleep(0.1)
        raise KeyError("a bug")

    monkeypatch.setattr(files, "_fetched", broken)
    begin(slowly, file)
    slowly.settle()
    text = window(slowly).text
    reference = re.search(r"reference (\w+)", text)
    assert reference is not None
    assert f"bug {reference[1]} " in caplog.text


def test_a_window_closed_while_the_file_is_read_is_no_fault_and_the_proposal_is_there(
    slowly: Office, caplog: pytest.LogCaptureFixture
) -> None:
    waiting = begin(slowly, uploaded(slowly, PROPOSAL.format(purpose="Needed.").encode()))
    slowly.people.close(handle(PRIVATE), waiting)
    slowly.settle()
    assert sections_of(slowly, "WG-LT").purpose == "Needed."
    assert not caplog.records
