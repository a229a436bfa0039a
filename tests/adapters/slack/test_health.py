"""What `wgbot doctor` finds in Slack."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.web.async_client import AsyncWebClient

from adapters.shared.config import Installation
from adapters.shared.health import Health, examined
from adapters.shared.sealing import Sealing
from adapters.shared.words import Words
from adapters.slack.health import checks
from adapters.slack.installs import FILE, Installations, engine_for
from tests.adapters.slack.office import Office, handle, workspace
from tests.builders import CHAIR
from tests.support.slack.edge import Edge
from tests.support.slack.workspace import TEAM, Workspace


@pytest.fixture
def slack_workspace() -> Workspace:
    return workspace()


@pytest.fixture
def office(slack: Edge) -> Iterator[Office]:
    with Office(slack) as running:
        yield running


def found(office: Office, **settings: str) -> list[tuple[Health, str]]:
    app = office.edge.workspace.app
    given = {"slack_bot_token": app.token, "slack_signing_secret": app.signing_secret, **settings}
    installed = Installation.model_validate({"slack_api": f"{office.edge.url}/api/", **given})
    words = Words()
    return [
        (each.health, f"{words.say(each.what)} {words.say(each.next_step) if each.next_step else ''}")
        for check in checks(installed, office.store)
        for each in examined(check)
    ]


def wrong(office: Office, **settings: str) -> str:
    return "\n".join(said for health, said in found(office, **settings) if health is not Health.OK)


def test_all_is_well(office: Office) -> None:
    assert wrong(office) == ""
    assert "#mag, home of the MAG, is public and joined." in "\n".join(said for _, said in found(office))


def test_where_slack_is_not_set_there_is_nothing_to_look_at(office: Office) -> None:
    assert found(office, slack_bot_token="", slack_signing_secret="") == []


def test_settings_that_do_not_suffice(office: Office) -> None:
    assert "Set an app token" in wrong(office, slack_signing_secret="")
    assert "not both" in wrong(office, slack_client_id="1", slack_client_secret="2")


def test_a_revoked_token(office: Office) -> None:
    office.edge.tokens.revoke()
    assert "Slack does not take the bot token: token_revoked." in wrong(office)


def test_an_app_token_that_slack_does_not_take(office: Office) -> None:
    assert wrong(office, slack_app_token=office.edge.workspace.app.app_token) == ""
    assert "Slack does not take the app token" in wrong(office, slack_app_token="xapp-other")


def test_slack_out_of_reach(office: Office) -> None:
    assert "Slack cannot be reached" in wrong(office, slack_api="http://127.0.0.1:9/api/")


def test_a_missing_scope_is_named_with_what_it_is_for(office: Office) -> None:
    kept = tuple(scope for scope in office.edge.workspace.app.scopes if scope not in ("pins:write", "im:history"))
    office.edge.tokens.grant(*kept)
    said = wrong(office)
    assert "The scope pins:write is missing; it is there to pin a working group's charter" in said
    assert "The scope im:history is missing" in said


def test_a_home_that_is_archived_gone_or_left(office: Office) -> None:
    office.people.remove(handle(CHAIR), "mag")
    assert "#mag, home of the MAG: the app is not in it." in wrong(office)
    office.people.archive(handle(CHAIR), "mag")
    assert "#mag, home of the MAG, is archived. Unarchive it." in wrong(office)
    office.edge.delete_channel("mag")
    assert "#mag, home of the MAG: channel_not_found." in wrong(office)


# Many workspaces, by OAuth


def by_oauth(office: Office, folder: Path, **settings: str) -> str:
    app = office.edge.workspace.app
    given = {
        "slack_client_id": app.client_id,
        "slack_client_secret": app.client_secret,
        "public_url": "https://wg.example.org",
    }
    lines = found(office, slack_bot_token="", data=str(folder), **given, **settings)
    return "\n".join(f"{health} {said}" for health, said in lines)


def install(
    office: Office, folder: Path, team: str, name: str, token: str, *, until: int | None = None, key: str = ""
) -> None:
    app = office.edge.workspace.app
    engine = engine_for("", folder)
    kept = Installations(engine, app.client_id, app.client_secret, AsyncWebClient(), Sealing(key))
    bot = Bot(
        app_id="A1", team_id=team, team_name=name, bot_token=token, bot_id="B1", bot_user_id="U1", bot_token_expires_at=until,
        bot_scopes="", installed_at=time.time(),
    )  # fmt: skip
    asyncio.run(kept.async_save_bot(bot))
    engine.dispose()


def test_where_nobody_installed_it_yet(office: Office, tmp_path: Path) -> None:
    said = by_oauth(office, tmp_path)
    assert (
        "attention No workspace has installed the app yet. Install it from https://wg.example.org/slack/install."
        in said
    )
    assert "attention #mag, home of the MAG, was not looked at." in said
    assert not (tmp_path / FILE).exists()


def test_the_token_of_every_workspace_is_looked_at(office: Office, tmp_path: Path) -> None:
    app = office.edge.workspace.app
    install(office, tmp_path, TEAM, "Body", "xoxb-before")
    install(office, tmp_path, TEAM, "Body", app.token)
    install(office, tmp_path, "T2", "Guests", "xoxb-gone")
    install(office, tmp_path, "T3", "Idle", "xoxb-old", until=int(time.time()) - 60)
    office.edge.tokens.grant(*(scope for scope in app.scopes if scope != "pins:write"))
    said = by_oauth(office, tmp_path)
    again = "Somebody there installs the app again: https://wg.example.org/slack/install."
    assert f"broken Guests: Slack does not take the bot token: invalid_auth. {again}" in said
    assert "Body: The scope pins:write is missing" in said
    assert "ok Idle: Its token has run out" in said
    assert "ok #mag, home of the MAG, is public and joined." in said
    assert "does not take" not in said.replace("Guests: Slack does not take", "")


def test_what_was_sealed_with_another_key(office: Office, tmp_path: Path) -> None:
    key, other = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    install(office, tmp_path, TEAM, "Body", office.edge.workspace.app.token, key=key)
    assert "ok Body: The app is" in by_oauth(office, tmp_path, sealing_key=key)
    said = by_oauth(office, tmp_path, sealing_key=other)
    assert "broken Body: Its token cannot be read" in said
    assert "was not looked at" in said
