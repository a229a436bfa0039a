"""Workspaces install the app themselves: by OAuth, with tokens that are renewed, revoked and given back."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from slack_sdk.oauth.token_rotation import async_rotator
from sqlalchemy import MetaData, select, update

from adapters.shared.sending import Shut
from adapters.slack.installs import FILE, RENEW_MINUTES, STATE_SECONDS, Installations, engine_for
from adapters.slack.manifest import scope_names
from adapters.slack.workspaces import KEPT_SECONDS
from tests.adapters.slack.office import Office, handle, workspace
from tests.builders import CHAIR, CIVIL
from tests.support.slack.delivery import ONCE, What
from tests.support.slack.edge import Edge
from tests.support.slack.tokens import ROTATION_SECONDS
from tests.support.slack.workspace import BOT, BOT_USER, TEAM, Workspace

WHERE = 'poll "Where do we meet?" Geneva, Lyon'
REINSTALL = "installation with this app is no longer available"
OTHER = "T000000002"
STATES = SQLAlchemyOAuthStateStore.build_oauth_states_table(MetaData(), "slack_oauth_states")


@pytest.fixture(params=[False, True], ids=["lasting tokens", "rotating tokens"])
def rotates(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def slack_workspace(rotates: bool) -> Workspace:
    made = workspace()
    return replace(made, app=replace(made.app, rotates=rotates))


@pytest.fixture
def office(slack: Edge, tmp_path: Path) -> Iterator[Office]:
    with Office(slack, by_oauth=True, folder=tmp_path) as running:
        yield running


def page(office: Office, path: str, cookie: str = "") -> tuple[int, str, str]:
    """A page of the service's, as a browser gets it, and the cookie that comes with it."""
    connection = HTTPConnection(urlsplit(office.address).netloc, timeout=10)
    try:
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answered = connection.getresponse()
        return answered.status, answered.read().decode(), answered.getheader("Set-Cookie") or ""
    finally:
        connection.close()


def begun(office: Office) -> tuple[str, str]:
    """The state and the cookie that the page to install from gives."""
    status, body, cookie = page(office, "/slack/install")
    assert status == 200
    link = html.unescape(re.findall(r'href="(https://slack.com/oauth/v2/authorize[^"]+)"', body)[0])
    asked = parse_qs(urlsplit(link).query)
    assert set(asked["scope"][0].split(",")) == set(scope_names())
    assert asked["redirect_uri"] == [office.edge.workspace.app.redirect_uri]
    assert "HttpOnly" in cookie
    assert "Secure" in cookie
    return asked["state"][0], cookie.partition(";")[0]


def returned(office: Office, state: str, cookie: str, code: str = "") -> tuple[int, str]:
    """What the browser shows when Slack has sent it back."""
    code = code or office.edge.authorization_code(handle(CHAIR), state=state)
    status, body, _ = page(office, f"/slack/oauth_redirect?code={quote(code)}&state={quote(state)}", cookie)
    return status, body


def installed(office: Office) -> None:
    status, body = returned(office, *begun(office))
    assert status == 200, body


def works(office: Office) -> None:
    """A poll is asked, arrives, and can be answered."""
    assert "is open here" in office.says(CIVIL, WHERE)
    office.click(CIVIL, office.sees(CIVIL, "Where do we meet?"), "Geneva")
    assert "1  Geneva" in office.sees(CIVIL, "Where do we meet?").text


def tokens_used(office: Office) -> list[str]:
    return [call.token for call in office.edge.calls if call.method.startswith(("chat.", "conversations.", "views."))]


def test_installed_from_its_page_it_works(office: Office) -> None:
    assert REINSTALL in office.slash(CIVIL, WHERE).text
    installed(office)
    works(office)


def test_what_was_to_be_sent_before_arrives_once_it_is_installed(office: Office, tmp_path: Path) -> None:
    installed(office)
    office.says(CIVIL, "help")
    office.people.event({"type": "app_uninstalled"})
    office.people.event({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT_USER]}})
    assert REINSTALL in office.slash(CIVIL, WHERE).text
    installed(office)
    works(office)
    assert (tmp_path / FILE).exists()


def test_a_state_works_once(office: Office) -> None:
    state, cookie = begun(office)
    code = office.edge.authorization_code(handle(CHAIR), state=state)
    assert returned(office, state, cookie, code)[0] == 200
    before = len(office.edge.called("oauth.v2.access"))
    assert returned(office, state, cookie, code)[0] == 401
    assert len(office.edge.called("oauth.v2.access")) == before


def test_a_forged_state_is_refused_before_slack_is_asked(office: Office) -> None:
    state, cookie = begun(office)
    name = cookie.partition("=")[0]
    assert returned(office, "forged", f"{name}=forged", "code")[0] == 401
    assert returned(office, state, f"{name}=another", "code")[0] == 400  # another browser's
    assert returned(office, state, "", "code")[0] == 400
    assert office.edge.called("oauth.v2.access") == []


def test_a_state_that_is_ten_minutes_old_is_refused(office: Office, tmp_path: Path) -> None:
    state, cookie = begun(office)
    with engine_for("", tmp_path).begin() as connection:
        earlier = timedelta(seconds=STATE_SECONDS + 1)
        (expires,) = connection.execute(select(STATES.c.expire_at)).one()
        connection.execute(update(STATES).values(expire_at=expires - earlier))
    assert returned(office, state, cookie, "code")[0] == 401
    assert office.edge.called("oauth.v2.access") == []


def test_who_says_no_at_slacks_is_told_so(office: Office) -> None:
    status, body, _ = page(office, "/slack/oauth_redirect?error=access_denied&state=x")
    assert status == 200
    assert "access_denied" in body


def test_what_stands_in_the_address_cannot_act_on_the_page(office: Office) -> None:
    _, body, _ = page(office, f"/slack/oauth_redirect?error={quote('<script>alert(1)</script>')}")
    assert "<script>alert(1)</script>" not in body


@pytest.mark.parametrize("trouble", [{"status": 500}, {"before": True}, {"body": {"ok": False, "error": "bad"}}])
def test_when_slack_gives_no_token_nothing_is_kept(office: Office, trouble: dict[str, object]) -> None:
    state, cookie = begun(office)
    office.edge.trouble("oauth.v2.access", **trouble)
    status, body = returned(office, state, cookie)
    assert status >= 400
    assert "Internal Server Error" not in body
    assert REINSTALL in office.slash(CIVIL, WHERE).text
    installed(office)
    works(office)


def test_slack_is_not_asked_who_is_calling_with_every_request(office: Office) -> None:
    installed(office)
    before = len(office.edge.calls)
    for _ in range(5):
        office.says(CIVIL, "list")
    asked = [call.method for call in office.edge.calls[before:]]
    assert "auth.test" not in asked
    assert len(asked) <= 1  # the zone of who speaks, once


@pytest.mark.parametrize("kind", ["app_uninstalled", "tokens_revoked"])
def test_taken_back_it_is_dropped_and_messages_wait(office: Office, kind: str) -> None:
    installed(office)
    office.says(CIVIL, "list")
    office.people.slash(handle(CIVIL), "mag", WHERE)
    event = {"type": kind, "tokens": {"oauth": [], "bot": [BOT_USER]}} if kind == "tokens_revoked" else {"type": kind}
    office.people.event(event)
    office.let_go_by(600)
    assert REINSTALL in office.people.slash(handle(CIVIL), "mag", WHERE).text
    assert "Where do we meet?" not in "".join(each.text for each in office.people.messages(handle(CIVIL), "mag"))
    with office.store.backlog() as backlog:
        assert backlog.dead(10) == []
    installed(office)
    office.settle()
    assert "Where do we meet?" in office.sees(CIVIL, "Where do we meet?").text


def test_somebodys_own_token_that_is_revoked_is_not_the_bots(office: Office) -> None:
    installed(office)
    office.people.event({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}})
    works(office)


def test_installed_again_the_newest_token_is_used(office: Office) -> None:
    installed(office)
    office.says(CIVIL, "list")
    old = office.run(office.slack.workspaces.of(TEAM)).token
    office.edge.tokens.revoke(old)
    installed(office)
    office.people.slash(handle(CIVIL), "mag", WHERE)
    office.let_go_by(300)
    works(office)
    assert tokens_used(office)[-1] != old


def test_while_installations_cannot_be_read_messages_wait(office: Office, tmp_path: Path) -> None:
    installed(office)
    office.says(CIVIL, "list")
    office.people.slash(handle(CIVIL), "mag", WHERE)
    office.slack.workspaces.forget(TEAM)
    file, aside = tmp_path / FILE, tmp_path / "aside"
    file.rename(aside)
    file.mkdir()
    office.let_go_by(30)
    with office.store.backlog() as backlog:
        assert backlog.dead(10) == []
    file.rmdir()
    aside.rename(file)
    office.settle()
    assert "Where do we meet?" in office.sees(CIVIL, "Where do we meet?").text


def test_no_code_state_or_token_is_logged_at_any_level(office: Office, logged: list[str]) -> None:
    state, cookie = begun(office)
    code = office.edge.authorization_code(handle(CHAIR), state=state)
    assert returned(office, state, cookie, code)[0] == 200
    works(office)
    office.edge.trouble("oauth.v2.access", status=500)
    returned(office, *begun(office))
    office.edge.trouble("oauth.v2.access", before=True)
    returned(office, *begun(office))
    secrets = [code, state, office.edge.workspace.app.client_secret, *tokens_used(office)]
    assert logged
    for secret in secrets:
        assert [line[:300] for line in logged if secret in line] == []


class TestRotation:
    """Tokens that run out after twelve hours."""

    @pytest.fixture
    def rotates(self) -> bool:
        return True

    def test_a_token_is_renewed_before_it_runs_out_and_the_new_one_used_by_messages_and_answers(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        installed(office)
        works(office)
        (old,) = set(tokens_used(office))
        later = ROTATION_SECONDS - RENEW_MINUTES * 60 + 60
        real = time.time
        monkeypatch.setattr(async_rotator, "time", lambda: real() + later)
        office.edge.pass_time(later)
        kept = office.slack.workspaces._now  # ten minutes have passed, too
        office.slack.workspaces._now = lambda: kept() + KEPT_SECONDS + 1
        before = len(office.edge.calls)
        works(office)
        office.slash(CIVIL, "propose")
        renewals = [call for call in office.edge.calls[before:] if call.method == "oauth.v2.access"]
        assert len(renewals) == 1
        new = {call.token for call in office.edge.calls[before:] if call.method.startswith(("chat.", "views."))}
        assert len(new) == 1
        assert new != {old}

    def test_several_at_once_renew_it_once(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        installed(office)
        real = time.time
        monkeypatch.setattr(async_rotator, "time", lambda: real() + ROTATION_SECONDS)
        before = len(office.edge.called("oauth.v2.access"))

        async def many() -> set[str]:
            import asyncio

            found = await asyncio.gather(*(office.slack.workspaces.of(TEAM) for _ in range(8)))
            return {each.token for each in found}

        assert len(office.run(many())) == 1
        assert len(office.edge.called("oauth.v2.access")) - before == 1

    def test_one_that_cannot_be_renewed_shuts_the_workspace_and_nothing_is_parked(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        installed(office)
        office.says(CIVIL, "list")
        office.people.slash(handle(CIVIL), "mag", WHERE)
        real = time.time
        monkeypatch.setattr(async_rotator, "time", lambda: real() + ROTATION_SECONDS)
        office.slack.workspaces.forget(TEAM)
        office.edge.trouble("oauth.v2.access", times=10**6, body={"ok": False, "error": "invalid_refresh_token"})
        office.let_go_by(1_200)
        with office.store.backlog() as backlog:
            assert backlog.dead(10) == []
        seen = office.people.slash(handle(CIVIL), "mag", WHERE)
        assert not seen.acked or REINSTALL in seen.text
        monkeypatch.undo()
        office.edge.troubles.clear()
        office.settle()
        works(office)


class TestSeveral:
    """Several workspaces; where they are kept."""

    @pytest.fixture
    def rotates(self) -> bool:
        return False

    def test_each_is_answered_with_its_own_token(self, office: Office) -> None:
        installed(office)
        other = Bot(
            app_id="A0LAB", team_id=OTHER, bot_token="xoxb-other", bot_id=BOT, bot_user_id=BOT_USER, installed_at=1.0
        )
        grants = office.slack.workspaces._grants
        assert isinstance(grants, Installations)
        office.run(grants.async_save_bot(other))
        office.says(CIVIL, "list")
        mine = office.run(office.slack.workspaces.of(TEAM))
        theirs = office.run(office.slack.workspaces.of(OTHER))
        assert theirs.token == "xoxb-other"
        assert mine.token != theirs.token
        payload = office.people.payloads.event(
            {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"}
        )
        theirs_too = {
            **payload,
            "team_id": OTHER,
            "authorizations": [{**payload["authorizations"][0], "team_id": OTHER}],
        }
        sent = office.people.delivery.prepare(What.EVENT, theirs_too, ONCE)
        office.edge.run(office.people.delivery.send(sent))
        assert office.edge.called("views.publish")[-1].token == "xoxb-other"
        office.run(office.slack.workspaces.drop(OTHER))
        with pytest.raises(Shut):
            office.run(office.slack.workspaces.of(OTHER))
        works(office)

    def test_they_are_kept_beside_the_database_and_outlive_the_process(self, slack: Edge, tmp_path: Path) -> None:
        with Office(slack, by_oauth=True, folder=tmp_path) as office:
            installed(office)
        with Office(slack, by_oauth=True, folder=tmp_path) as office:
            works(office)
        assert (tmp_path / FILE).exists()

    def test_or_in_postgresql(self, slack: Edge, tmp_path: Path, postgres_url: str) -> None:
        with Office(slack, by_oauth=True, folder=tmp_path, database=postgres_url) as office:
            installed(office)
        with Office(slack, by_oauth=True, folder=tmp_path, database=postgres_url) as office:
            works(office)
        assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize(
    ("database", "url"),
    [
        ("", "sqlite:////data/slack.db"),
        ("sqlite:////elsewhere/wgbot.db", "sqlite:////data/slack.db"),
        ("postgresql://wg@db/wgbot", "postgresql+psycopg://wg@db/wgbot"),
        ("postgresql+psycopg://wg@db/wgbot", "postgresql+psycopg://wg@db/wgbot"),
    ],
)
def test_where_installations_are_kept(database: str, url: str) -> None:
    assert str(engine_for(database, Path("/data")).url) == url
