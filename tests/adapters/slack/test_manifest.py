"""The manifest is one that Slack takes, and asks for no more than is used: every scope has its reason, and its use."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.manifest import EVENTS, SCOPES, WITHOUT_SCOPE, as_json, as_table, manifest, scope_names
from adapters.slack.shortcuts import SHORTCUTS
from adapters.slack.speech import speech
from tests.support.slack.scopes import needed

ADAPTER = Path(__file__).parents[3] / "adapters" / "slack"
URL = "https://wg.example.org"
NAMES_OF_METHODS = re.compile(r"(?:auth|apps|chat|conversations|files|oauth|pins|users|views)_[a-zA-Z0-9_]+")
BESIDES = {"files_upload_v2": ("files.getUploadURLExternal", "files.completeUploadExternal"),
           "apps_connections_open": ("apps.connections.open",)}  # fmt: skip
BY_LIBRARIES = {"apps.connections.open", "auth.test", "oauth.v2.access"}
"""What Bolt and the SDK call for us: to open sockets, to learn whose a token is, to be installed."""


@pytest.fixture(params=["", URL, f"{URL}/"], ids=["sockets", "http", "http with a slash"])
def made(request: pytest.FixtureRequest) -> dict[str, Any]:
    return manifest(request.param)


def called() -> set[str]:
    """Every method of the Web API that the adapter's source calls."""
    found: set[str] = set()
    for file in ADAPTER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and NAMES_OF_METHODS.fullmatch(node.attr):
                found.update(BESIDES.get(node.attr) or (dotted(node.attr),))
    return found


def dotted(name: str) -> str:
    """The method of a function of the SDK's: `chat_postMessage` is `chat.postMessage`."""
    return name.replace("_", ".")


# As Slack's reference of manifests has it


def test_what_it_says_of_the_app_fits(made: dict[str, Any]) -> None:
    about = made["display_information"]
    assert set(about) <= {"name", "description", "long_description", "background_color"}
    assert 0 < len(about["name"]) <= 35
    assert 0 < len(about["description"]) <= 140
    assert re.fullmatch(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", about["background_color"])
    assert 0 < len(made["features"]["bot_user"]["display_name"]) <= 80


def test_its_shortcuts_fit(made: dict[str, Any]) -> None:
    shortcuts = made["features"]["shortcuts"]
    assert 0 < len(shortcuts) <= 10
    assert sum(each["type"] == "global" for each in shortcuts) <= 5
    assert sum(each["type"] == "message" for each in shortcuts) <= 5
    for each in shortcuts:
        assert set(each) == {"name", "type", "callback_id", "description"}
        assert 0 < len(each["name"]) <= 24
        assert 0 < len(each["description"]) <= 150
        assert 0 < len(each["callback_id"]) <= 255
    assert len({each["callback_id"] for each in shortcuts}) == len(SHORTCUTS)


def test_its_command_fits(made: dict[str, Any]) -> None:
    (command,) = made["features"]["slash_commands"]
    assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"])
    assert 0 < len(command["description"]) <= 2_000
    assert 0 < len(command["usage_hint"]) <= 1_000


def test_it_is_for_sockets_or_for_an_address(made: dict[str, Any]) -> None:
    settings = made["settings"]
    urls = [
        settings["event_subscriptions"].get("request_url"),
        settings["interactivity"].get("request_url"),
        made["features"]["slash_commands"][0].get("url"),
    ]
    if settings["socket_mode_enabled"]:
        assert urls == [None] * 3
        assert "redirect_urls" not in made["oauth_config"]
        assert not settings["token_rotation_enabled"]
    else:
        assert urls == [f"{URL}/slack/events"] * 3
        assert made["oauth_config"]["redirect_urls"] == [f"{URL}/slack/oauth_redirect"]
    assert settings["interactivity"]["is_enabled"]


def test_it_has_the_sections_that_slack_knows_and_is_json(made: dict[str, Any]) -> None:
    assert set(made) <= {"_metadata", "display_information", "features", "oauth_config", "settings"}
    assert set(made["features"]) <= {"app_home", "bot_user", "shortcuts", "slash_commands", "unfurl_domains"}
    assert set(made["settings"]) <= {
        "allowed_ip_address_ranges", "event_subscriptions", "interactivity", "org_deploy_enabled",
        "socket_mode_enabled", "token_rotation_enabled",
    }  # fmt: skip
    assert json.loads(as_json(made)) == made


# No more than is used


NEED_OF_EVENTS = {
    "app_home_opened": set[str](),
    "app_uninstalled": set[str](),
    "channel_archive": {"channels:read"},
    "channel_deleted": {"channels:read"},
    "channel_rename": {"channels:read"},
    "channel_unarchive": {"channels:read"},
    "tokens_revoked": set[str](),
    "user_change": {"users:read"},
}
"""As Slack's reference of events has it."""


def test_its_events_are_those_that_are_listened_to_and_its_scopes_suffice_for_them(made: dict[str, Any]) -> None:
    events = made["settings"]["event_subscriptions"]["bot_events"]
    assert tuple(events) == EVENTS
    assert len(events) <= 100
    source = (ADAPTER / "events.py").read_text(encoding="utf-8")
    for each in events:
        assert f'"{each}"' in source
        assert NEED_OF_EVENTS[each] <= set(scope_names())


def test_every_method_that_is_called_stands_with_its_scope_and_no_other() -> None:
    listed = {method for scope in SCOPES for method in scope.methods}
    assert called() - set(WITHOUT_SCOPE) == listed
    assert set(WITHOUT_SCOPE) - called() <= BY_LIBRARIES
    assert not listed & set(WITHOUT_SCOPE)


@pytest.mark.parametrize("scope", [each for each in SCOPES if each.methods], ids=lambda each: each.name)
def test_a_scope_is_the_one_its_methods_need(scope: Any) -> None:
    for method in scope.methods:
        if method == "conversations.open":
            assert needed(method, {"users": "U1"}) == [frozenset({scope.name})]
        else:
            assert any(scope.name in each for each in needed(method, {"types": "public_channel"}) or ()), method


def test_without_scope_are_only_methods_that_need_none() -> None:
    for method in WITHOUT_SCOPE:
        assert method in BY_LIBRARIES or needed(method, {}) == [], method


USED_OTHERWISE = {
    "commands": "slash_commands and shortcuts",
    "im:history": "conversations.history of direct messages",
    "users:read.email": "the address within users.info",
}


def test_every_scope_is_used_and_nothing_is_asked_for_twice() -> None:
    assert len(set(scope_names())) == len(scope_names())
    assert {each.name for each in SCOPES if not each.methods} == set(USED_OTHERWISE)
    assert not any(name.startswith(("groups:", "mpim:", "admin", "chat:write.")) for name in scope_names())


def rows(table: str) -> Iterator[tuple[str, str]]:
    for row in table.splitlines()[2:]:
        _, name, why, _ = (cell.strip() for cell in row.split("|"))
        yield name.strip("`"), why


def test_every_scope_has_one_row_that_says_why() -> None:
    told = dict(rows(as_table()))
    assert list(told) == list(scope_names())
    assert len(set(told.values())) == len(told)
    assert all(why.startswith(("to ", "the same for ")) for why in told.values())
    assert [name for name, why in told.items() if "(may be left out)" in why] == [
        each.name for each in SCOPES if each.optional
    ]


def test_shortcuts_are_named_as_people_see_them() -> None:
    for each in SHORTCUTS:
        assert len(speech().plain(each.name)) <= 24
