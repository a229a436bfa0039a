from __future__ import annotations

import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from tests.support.slack.edge import Edge
from tests.support.slack.emulator import Emulator
from tests.support.slack.people import People
from tests.support.slack.workspace import App, Channel, Person, Workspace

pytestmark = pytest.mark.slow

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": [SECTION]}


@pytest.fixture
def client(slack: Edge) -> WebClient:
    return WebClient(slack.workspace.app.token, base_url=f"{slack.url}/api/")


@pytest.fixture
def people(slack: Edge) -> People:
    """Nobody hears what they do."""
    return People.over_sockets(slack)


def refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return str(caught.value.response["error"])


def test_a_message_is_kept_with_ids_and_told_to_be_the_apps(slack: Edge, client: WebClient, people: People) -> None:
    sent = client.chat_postMessage(channel=slack.channel("governance"), text="Hello", blocks=[SECTION])
    (message,) = people.messages("alice", "governance")
    assert message.ts == sent["ts"]
    assert message.blocks[0]["block_id"]
    assert (message.raw["bot_id"], message.raw["app_id"]) == ("B0LAB", "A0LAB")
    (call,) = slack.called("chat.postMessage")
    assert (call.arguments["text"], call.arguments["blocks"], call.token, call.ok) == (
        "Hello",
        [SECTION],
        "xoxb-lab",
        True,
    )


def test_users_are_told_with_time_zone_language_and_whether_they_left(slack: Edge, client: WebClient) -> None:
    told = client.users_info(user=slack.user("carol"), include_locale=True)["user"]
    assert (told["tz"], told["tz_offset"], told["locale"], told["is_email_confirmed"]) == (
        "Asia/Kolkata",
        19800,
        "en-US",
        True,
    )
    assert "locale" not in client.users_info(user=slack.user("carol"))["user"]
    slack.deactivate("bob")
    assert {user["name"]: user["deleted"] for user in client.users_list()["members"]}["bob"]
    assert refused(client.chat_postMessage, channel=slack.user("bob"), text="x") == "channel_not_found"
    assert refused(client.conversations_open, users=slack.user("bob")) == "user_disabled"


def test_tokens_are_known_revoked_and_of_a_kind(slack: Edge, client: WebClient) -> None:
    assert refused(WebClient("xoxb-other", base_url=client.base_url).auth_test) == "invalid_auth"
    assert (
        refused(WebClient(slack.workspace.app.app_token, base_url=client.base_url).auth_test)
        == "not_allowed_token_type"
    )
    assert refused(client.apps_connections_open, app_token="xoxb-lab") == "not_allowed_token_type"
    slack.tokens.revoke()
    assert refused(client.auth_test) == "token_revoked"


def test_scopes_are_asked_for_by_what_is_done(slack: Edge, client: WebClient) -> None:
    slack.tokens.grant("chat:write", "channels:manage", "channels:write.topic")
    client.chat_postMessage(channel=slack.channel("governance"), text="x")
    client.conversations_create(name="new")
    with pytest.raises(SlackApiError) as caught:
        client.conversations_create(name="private", is_private=True)
    answer = caught.value.response
    assert (answer["error"], answer["needed"]) == ("missing_scope", "groups:write")
    assert "chat:write" in answer["provided"]
    assert refused(client.pins_add, channel=slack.channel("governance"), timestamp="1.1") == "missing_scope"
    assert refused(client.conversations_setTopic, channel=slack.channel("secret"), topic="x") == "missing_scope"
    assert refused(client.conversations_list, types="public_channel,private_channel") == "missing_scope"
    client.conversations_setTopic(channel=slack.channel("governance"), topic="x")


def test_an_unknown_method_is_a_fault(slack: Edge, client: WebClient) -> None:
    assert refused(client.api_call, api_method="chat.shout") == "unknown_method"
    assert slack.taken_faults() == ["chat.shout: the edge does not know this method"]


def test_where_the_app_may_post(slack: Edge, client: WebClient, people: People) -> None:
    assert refused(client.chat_postMessage, channel=slack.channel("elsewhere"), text="x") == "not_in_channel"
    assert refused(client.chat_postMessage, channel=slack.channel("hidden"), text="x") == "channel_not_found"
    assert refused(client.chat_postMessage, channel="C0", text="x") == "channel_not_found"
    people.invite("alice", "hidden")
    sent = client.chat_postMessage(channel=slack.channel("hidden"), text="x")
    people.remove("alice", "hidden")
    assert refused(client.chat_update, channel=sent["channel"], ts=sent["ts"], text="y") == "channel_not_found"
    people.archive("alice", "secret")
    assert refused(client.chat_postMessage, channel=slack.channel("secret"), text="x") == "is_archived"
    assert client.conversations_info(channel=slack.channel("secret"))["channel"]["is_archived"]
    slack.delete_channel("governance")
    assert refused(client.chat_postMessage, channel=slack.channel("governance"), text="x") == "channel_not_found"
    assert [each["name"] for each in client.conversations_list(exclude_archived=True)["channels"]] == [
        "general",
        "random",
        "elsewhere",
    ]
    direct = client.chat_postMessage(channel=slack.user("alice"), text="x")
    assert direct["channel"].startswith("D")
    assert people.message("alice", "@").ts == direct["ts"]


def test_a_message_is_edited_within_bounds(slack: Edge, client: WebClient, people: People) -> None:
    here = slack.channel("secret")
    sent = client.chat_postMessage(channel=here, text="before")
    client.chat_update(channel=here, ts=sent["ts"], text="after")
    assert people.message("alice", "secret").text == "after"
    assert refused(client.chat_update, channel=here, ts=sent["ts"], text="x" * 4001) == "msg_too_long"
    assert refused(client.chat_update, channel=here, ts="1.1", text="x") == "message_not_found"
    people.archive("alice", "secret")
    assert refused(client.chat_update, channel=here, ts=sent["ts"], text="x") == "is_inactive"


def test_history_is_bounded_and_tells_metadata_when_asked(slack: Edge, client: WebClient) -> None:
    here = slack.channel("governance")
    metadata = {"event_type": "posted", "event_payload": {"key": "k"}}
    stamps = [client.chat_postMessage(channel=here, text=str(n), metadata=metadata)["ts"] for n in range(5)]
    told = client.conversations_history(channel=here, oldest=stamps[1], latest=stamps[3])["messages"]
    assert [message["text"] for message in told] == ["2"]
    assert "metadata" not in told[0]
    told = client.conversations_history(channel=here, oldest=stamps[3], inclusive=True, include_all_metadata=True)[
        "messages"
    ]
    assert [(message["text"], message["metadata"]) for message in told] == [("4", metadata), ("3", metadata)]
    pages = [
        [message["text"] for message in page["messages"]]
        for page in client.conversations_history(channel=here, limit=2)
    ]
    assert pages == [["4", "3"], ["2", "1"], ["0"]]
    client.chat_update(channel=here, ts=stamps[4], text="edited")
    newest = client.conversations_history(channel=here, limit=1, include_all_metadata=True)["messages"][0]
    assert (newest["text"], newest["metadata"]) == ("edited", metadata)


def test_only_one_person_sees_an_ephemeral_message(slack: Edge, client: WebClient, people: People) -> None:
    client.chat_postEphemeral(channel=slack.channel("governance"), user=slack.user("bob"), text="psst")
    assert people.message("bob", "governance").text == "psst"
    assert people.messages("alice", "governance") == []
    assert refused(client.chat_postEphemeral, channel=slack.channel("secret"), user=slack.user("carol"), text="x") == (
        "user_not_in_channel"
    )


def test_channels_and_pins_are_made(slack: Edge, client: WebClient, people: People) -> None:
    made = client.conversations_create(name="new")["channel"]["id"]
    assert refused(client.conversations_create, name="new") == "name_taken"
    client.conversations_invite(channel=made, users=[slack.user("alice"), slack.user("bob")])
    sent = client.chat_postMessage(channel=made, text="pin me")
    client.pins_add(channel=made, timestamp=sent["ts"])
    assert [message.text for message in people.pinned("alice", "new")] == ["pin me"]
    assert {
        each["name"] for each in client.users_conversations(types="public_channel,private_channel")["channels"]
    } == {
        "governance",
        "new",
        "secret",
    }


def test_a_file_is_sent_with_its_description(slack: Edge, client: WebClient, people: People) -> None:
    sent = client.files_upload_v2(
        channel=slack.channel("governance"), content="a,b", filename="list.csv", title="List", alt_txt="Two letters"
    )["file"]
    assert (sent["title"], sent["alt_txt"]) == ("List", "Two letters")
    assert people.message("alice", "governance").raw["files"][0]["id"] == sent["id"]
    authorized = {"Authorization": "Bearer xoxb-lab"}
    request = urllib.request.Request(sent["url_private"], headers=authorized)  # noqa: S310 - the edge's own address
    with urllib.request.urlopen(request) as response:  # noqa: S310 - the same
        assert response.read() == b"a,b"
    assert refused(client.files_upload_v2, channel=slack.channel("elsewhere"), content="x") == "not_in_channel"


def test_a_trigger_opens_one_modal_within_three_seconds(slack: Edge, client: WebClient) -> None:
    assert refused(client.views_open, trigger_id="1.2.3", view=MODAL) == "invalid_trigger_id"
    trigger = slack.views.trigger(slack.user("alice"))
    client.views_open(trigger_id=trigger, view=MODAL)
    assert refused(client.views_open, trigger_id=trigger, view=MODAL) == "exchanged_trigger_id"
    late = slack.views.trigger(slack.user("alice"))
    slack.pass_time(3.1)
    assert refused(client.views_open, trigger_id=late, view=MODAL) == "expired_trigger_id"


def test_views_change_by_id_and_hash(slack: Edge, client: WebClient, people: People) -> None:
    opened = client.views_open(
        trigger_id=slack.views.trigger(slack.user("alice")), view={**MODAL, "external_id": "mine"}
    )["view"]
    other = {**MODAL, "title": {"type": "plain_text", "text": "other"}}
    client.views_update(external_id="mine", hash=opened["hash"], view=other)
    assert people.modal("alice").title == "other"
    assert refused(client.views_update, view_id=opened["id"], hash=opened["hash"], view=other) == "hash_conflict"
    people.close("alice", people.modal("alice"))
    assert refused(client.views_update, view_id=opened["id"], view=other) == "not_found"
    client.views_publish(user_id=slack.user("bob"), view={"type": "home", "blocks": [SECTION]})
    home = people.home("bob")
    assert home is not None
    assert home.text == "Hello"


def test_what_slack_would_refuse_is_refused_and_remembered(slack: Edge, client: WebClient) -> None:
    long = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    assert (
        refused(client.chat_postMessage, channel=slack.channel("governance"), text="x", blocks=[long])
        == "invalid_blocks"
    )
    view = {**MODAL, "blocks": [long]}
    assert (
        refused(client.views_open, trigger_id=slack.views.trigger(slack.user("alice")), view=view)
        == "invalid_arguments"
    )
    first, second = slack.taken_faults()
    assert "chat.postMessage: message (slack_sdk): blocks[0]" in first
    assert "views.open" in second


def test_a_fault_fails_the_test(slack_emulator: Emulator) -> None:
    """The fixture's own promise, kept by hand: a fixture's failure cannot be expected."""
    from tests.support.slack import fixtures

    made = fixtures.slack.__wrapped__(slack_emulator, Workspace())  # type: ignore[attr-defined]  # pytest's own
    edge = next(made)
    edge.fault("wrong")
    with pytest.raises(AssertionError, match="Slack would refuse: wrong"):
        next(made)


def reply(url: str, **body: Any) -> tuple[int, str]:
    answer = WebhookClient(url).send_dict(body)
    return answer.status_code, answer.body


def test_a_response_url_serves_five_times_in_half_an_hour(slack: Edge, people: People) -> None:
    url = slack.response_url(slack.user("alice"), slack.channel("hidden"))
    for count in range(5):
        assert reply(url, text=str(count)) == (200, '{"ok": true}')
    assert reply(url, text="x") == (404, '{"ok": false, "error": "used_url"}')
    assert [message.text for message in people.messages("alice", "hidden")] == ["0", "1", "2", "3", "4"]
    assert people.messages("bob", "hidden") == []
    late = slack.response_url(slack.user("alice"), slack.channel("governance"))
    slack.pass_time(30 * 60 + 1)
    assert reply(late, text="x") == (404, '{"ok": false, "error": "expired_url"}')


def test_a_response_url_replaces_and_deletes_a_message(slack: Edge, client: WebClient, people: People) -> None:
    here = slack.channel("governance")
    ts = client.chat_postMessage(channel=here, text="before")["ts"]
    url = slack.response_url(slack.user("alice"), here, ts)
    reply(url, text="after", replace_original=True)
    assert people.message("bob", "governance").text == "after"
    reply(url, text="for all", response_type="in_channel")
    assert [message.text for message in people.messages("bob", "governance")] == ["after", "for all"]
    reply(url, delete_original=True)
    assert [message.text for message in people.messages("bob", "governance")] == ["for all"]
    reply(slack.response_url(slack.user("alice"), slack.channel("hidden")), text="x", response_type="in_channel")
    assert slack.taken_faults() == ["a reply cannot be shown here: not_in_channel"]
    assert [(it.replaces, it.deletes, it.ephemeral) for it in slack.replies.posted[:3]] == [
        (True, False, True),
        (False, False, False),
        (False, True, True),
    ]


def test_trouble_comes_when_asked_for(slack: Edge, client: WebClient, people: People) -> None:
    here = slack.channel("governance")
    client.retry_handlers.clear()
    slack.trouble("chat.postMessage", status=429, headers={"Retry-After": "7"})
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=here, text="limited")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "7")
    slack.trouble("chat.postMessage", body={"ok": False, "error": "fatal_error"})
    assert refused(client.chat_postMessage, channel=here, text="fatal") == "fatal_error"
    slack.trouble("*", before=True)
    with pytest.raises(OSError, match="closed connection"):
        client.chat_postMessage(channel=here, text="lost before")
    assert people.messages("alice", "governance") == []
    slack.trouble("chat.postMessage", after=True)
    with pytest.raises(OSError, match="closed connection"):
        client.chat_postMessage(channel=here, text="lost after")
    assert people.message("alice", "governance").text == "lost after"
    client.timeout = 1
    slack.trouble("chat.postMessage", hang=True)
    with pytest.raises(TimeoutError):
        client.chat_postMessage(channel=here, text="hung")
    client.chat_postMessage(channel=here, text="well")
    assert people.message("alice", "governance").text == "well"


class TestRotation:
    @pytest.fixture
    def slack_workspace(self) -> Workspace:
        return Workspace(app=App(rotates=True))

    def test_a_token_runs_out_and_is_refreshed(self, slack: Edge) -> None:
        app = slack.workspace.app
        who = {"client_id": app.client_id, "client_secret": app.client_secret}
        client = WebClient(base_url=f"{slack.url}/api/")
        code = slack.authorization_code("alice", ("chat:write",))
        given = client.oauth_v2_access(**who, code=code)
        assert (given["scope"], given["expires_in"], given["team"]["name"]) == ("chat:write", 43200, "Lab")
        assert refused(client.oauth_v2_access, **who, code=code) == "invalid_code"
        assert refused(client.oauth_v2_access, client_id="1.2", client_secret="x", code=code) == "invalid_client_id"
        installed = WebClient(given["access_token"], base_url=client.base_url)
        installed.chat_postMessage(channel=slack.channel("governance"), text="x")
        assert refused(installed.users_list) == "missing_scope"
        slack.pass_time(43200)
        assert refused(installed.auth_test) == "token_expired"
        again = client.oauth_v2_access(**who, grant_type="refresh_token", refresh_token=given["refresh_token"])
        assert WebClient(again["access_token"], base_url=client.base_url).auth_test()["user_id"] == "U0WGBOT"
        used = {"grant_type": "refresh_token", "refresh_token": given["refresh_token"]}
        assert refused(client.oauth_v2_access, **who, **used) == "invalid_refresh_token"


class TestManyPeople:
    @pytest.fixture
    def slack_workspace(self) -> Workspace:
        people = tuple(Person(f"person{number}", guest=number == 1) for number in range(300))
        return Workspace(people=people, channels=(Channel("all"), Channel("few", members=("person2", "person3"))))

    def test_they_are_in_their_channels(self, slack: Edge, client: WebClient) -> None:
        assert client.conversations_info(channel=slack.channel("all"))["channel"]["num_members"] == 301
        assert len(client.conversations_members(channel=slack.channel("few"))["members"]) == 3
        assert client.users_info(user=slack.user("person1"))["user"]["is_restricted"]
