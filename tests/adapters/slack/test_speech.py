"""What people type mentions no one, links nowhere and breaks nothing, wherever it is shown: through the whole service."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest

from adapters.cli.sample import sample_people
from adapters.slack.speech import escaped, fits, line, pieces, speech
from bot.text import T, UserText
from tests.adapters.slack.office import Office, handle, workspace
from tests.builders import CHAIR, CIVIL, GOVERNMENT, PRIVATE, PRIVATE_TOO, SECRETARIAT, TECHNICAL
from tests.support.slack.edge import Edge
from tests.support.slack.workspace import Workspace

EVIL = "<!channel> <@U0WGBOT> <!subteam^S1|all> @here @channel <https://evil.example|click> <mailto:a@b.example> &lt;!everyone&gt; *b* `c`"
ACTING = re.compile(r"<(?!!date\^)[^>]*>")
"""What mrkdwn would act upon; times are markup of ours."""

SECTIONS = ("Purpose of the WG", "Objectives/Goals of the WG", "Expected Output(s)", "Timeframe for the work",
            "Implementation Plan (if appropriate)", "Why a smaller group, and not all members?")  # fmt: skip


def objects(payload: Any) -> Iterator[dict[str, Any]]:
    """Every object of a payload, itself first."""
    if isinstance(payload, dict):
        yield payload
    for each in payload.values() if isinstance(payload, dict) else payload if isinstance(payload, list) else ():
        yield from objects(each)


def sent(slack: Edge) -> list[dict[str, Any]]:
    """Every payload that was sent to be shown: by the Web API, by response URLs, in acknowledgments."""
    calls = [call.arguments for call in slack.calls if call.method in ("chat.postMessage", "chat.update")]
    views = [call.arguments["view"] for call in slack.calls if call.method.startswith("views.")]
    return [*calls, *views, *(reply.body for reply in slack.replies.posted)]


def assert_harmless(payloads: list[dict[str, Any]]) -> None:
    marked = [
        str(payload["text"]) for payload in payloads if "blocks" in payload and isinstance(payload.get("text"), str)
    ]
    for payload in payloads:
        for each in objects(payload):
            match each.get("type"):
                case "mrkdwn":
                    marked.append(each["text"])
                    assert each["verbatim"] is True
                case "link":  # in rich text, a member's own Markdown: to be clicked on, no more
                    assert urlsplit(each["url"]).scheme in ("https", "http", "mailto")
                case kind:
                    assert kind not in ("user", "usergroup", "broadcast", "channel")
    assert any("evil.example" in each for each in marked)
    for text in marked:
        assert not ACTING.findall(text), text


def test_nothing_that_anybody_types_anywhere_acts(office: Office, slack: Edge) -> None:
    people = office.people
    said: list[dict[str, Any]] = []

    def slash(who: str, typed: str) -> None:
        said.append(office.slash(who, typed).body)

    def submit(who: str, values: dict[str, str]) -> None:
        body = office.submit(who, people.modal(handle(who)), values).body
        said.append(body.get("view", {}))

    slash(PRIVATE, "propose")
    submit(
        PRIVATE,
        {"What is the working group called?": EVIL, "Its short name?": "WG-X", **dict.fromkeys(SECTIONS, EVIL)},
    )
    slash(PRIVATE, f'propose new "{EVIL}" WG-Y --purpose "{EVIL}" --co-proposers "{EVIL}"')  # refused, and given back
    slash(CIVIL, f"consult comment WG-X {EVIL}")
    slash(CIVIL, f"consult comment WG-X --kind concern {EVIL}")
    slash(CIVIL, f"consult comment WG-X --kind change {EVIL}")
    office.later("7d")
    slash(PRIVATE, f'consult respond WG-X 2 "{EVIL}"')
    slash(PRIVATE, f'consult respond WG-X 3 "{EVIL}"')
    slash(CIVIL, f'poll "{EVIL}" "{EVIL}", Lyon')
    slash(CIVIL, f'poll "{EVIL}" "{EVIL}", Lyon --multiple')
    slash(CIVIL, f'consensus "{EVIL}" 24h')
    slash(GOVERNMENT, f"consensus object 1 {EVIL}")
    slash(PRIVATE_TOO, f"consensus object 2 {EVIL}")
    office.later("7d")
    for asked in (
        "show WG-X",
        "propose show WG-X",
        "consult show WG-X",
        "consensus show 1",
        "poll show 1",
        "list",
        "todo",
    ):
        slash(CHAIR, asked)
    slash(CIVIL, EVIL)  # as a command
    slash(CIVIL, f"show {EVIL}")
    slash(CIVIL, f"poll choose 1 {EVIL}")
    slash(SECRETARIAT, f'cycle open "{EVIL}"')
    people.open_home(handle(PRIVATE))
    office.settle()
    assert "<!channel>" in office.sees(CIVIL, "evil.example").text  # shown to the letter
    assert_harmless([*sent(slack), *filter(None, said)])
    for call in slack.called("chat.postMessage"):
        assert (call.arguments["parse"], call.arguments["link_names"]) == ("none", False)


NAMED = "<!channel> & <@U1>"


class TestNames:
    """Somebody whose name is markup."""

    @pytest.fixture
    def slack_workspace(self, monkeypatch: pytest.MonkeyPatch) -> Workspace:
        people = tuple(replace(each, name=NAMED) if each.name == TECHNICAL else each for each in sample_people())
        for module in ("tests.adapters.slack.office", "tests.adapters.sample_mag"):
            monkeypatch.setattr(f"{module}.sample_people", lambda: people)
        return workspace()

    def test_they_are_names(self, office: Office, slack: Edge) -> None:
        office.slash(NAMED, f'poll "{EVIL}" Geneva, Lyon')
        office.click(NAMED, office.sees(NAMED, "evil.example"), "Geneva")
        office.slash(CIVIL, "roster list")
        office.slash(CIVIL, "roster show")
        office.slash(CIVIL, "poll show 1")
        listed = office.slash(CIVIL, "roster members").body
        assert_harmless([*sent(slack), listed])
        assert escaped(NAMED) in json.dumps(listed)


@pytest.mark.parametrize("text", ["&", "<", ">", "&amp;", "&lt;!channel&gt;", "<!date^1^{date}|x>", "a & b < c > d"])
def test_what_is_escaped_is_shown_as_it_was_typed(text: str) -> None:
    marked = speech().marked(T("{text}", text=UserText(text)))
    assert not ACTING.findall(marked)
    assert unescape(marked) == text


@pytest.mark.parametrize("limit", [10, 11, 12, 13, 14, 20])
def test_pieces_cut_no_escaped_character_and_lose_nothing(limit: int) -> None:
    text = escaped("ab&cd<ef>gh&ij " * 10)
    cut = [*pieces(text, limit)]
    assert all(len(each) <= limit for each in cut)
    assert "".join(cut).replace(" ", "") == text.replace(" ", "")
    for each in cut:
        assert not re.search(r"&(?!amp;|lt;|gt;)", each), each


def test_pieces_cut_no_date() -> None:
    date = "<!date^1799744400^{date_short_pretty}, {time}|Tue 12 Jan, 10:00 (Zurich time)>"
    for before in range(1, 60):
        cut = [*pieces("x" * before + " " + date + " " + "y" * 50, 100)]
        assert any(date in each for each in cut), before


@pytest.mark.parametrize("limit", [1, 2, 24, 75, 150])
def test_a_line_fits_or_is_cut_where_one_sees_it(limit: int) -> None:
    for length in (limit - 1, limit, limit + 1, 3 * limit):
        shown = line("x" * length, limit)
        assert 0 < len(shown) <= limit
        assert fits("x" * length, limit) is (length <= limit)
        assert shown.endswith("…") is (length > limit)
