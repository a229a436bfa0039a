"""What stands between an app and the emulator, so that together they behave as Slack does towards the Python SDK.

The emulator does: messages, threads, conversations with their members, topics and archiving, direct messages, users, files, pins,
reactions, metadata, the rules of ephemeral messages, the content of views with hashes and external ids, authorization codes.

The edge does what it lacks: GET and query strings (`calls`); time zones, locales, guests and people who left, deleted channels
(`directory`); unknown, revoked and expired tokens and their rotation (`tokens`); scopes, which the emulator checks too (`scopes`);
membership when posting, what is too long, bounds of `conversations.history` (`web_api`); ids of blocks (`blocks`); trigger ids and
stacks of modals (`modals`); who sees an ephemeral message (`ephemerals`); `response_url` (`replies`); Socket Mode (`sockets`); and
trouble on demand (`trouble`). It checks every payload (`validators`) and records every call. It does not limit rates: a test that
wants `ratelimited` asks for it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeVar
from urllib.parse import parse_qs, urlsplit

from aiohttp import web

from tests.support.background import Background
from tests.support.slack import validators
from tests.support.slack.blocks import Json, kept
from tests.support.slack.calls import Call
from tests.support.slack.directory import Directory
from tests.support.slack.emulator import Emulator
from tests.support.slack.ephemerals import Ephemerals
from tests.support.slack.modals import Views
from tests.support.slack.replies import Address, Replies
from tests.support.slack.sockets import Sockets
from tests.support.slack.tokens import Tokens
from tests.support.slack.upstream import Upstream
from tests.support.slack.validators import PayloadKind
from tests.support.slack.web_api import WebApi
from tests.support.slack.workspace import INSIDE, Workspace
from tests.support.trouble import Trouble, Troubles, lose

T = TypeVar("T")

LARGEST_REQUEST = 64 * 1024 * 1024
_POLL_SECONDS = 0.05


class Edge:
    """A Slack at `url`, from `with` to its end. Its methods are called from a test's own thread."""

    def __init__(self, emulator: Emulator, workspace: Workspace | None = None) -> None:
        self.workspace = workspace or Workspace()
        self.calls: list[Call] = []
        self.faults: list[str] = []
        self.uploads: list[bytes] = []
        self._ahead = 0.0
        self._changed = threading.Condition()
        self._background = Background("slack-edge")
        try:
            self.run(self._start(emulator.begin(self.workspace.seed(), self.workspace.url)))
        except BaseException:
            self._background.stop()
            raise

    # What a test asks of it

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What a coroutine returns, on the edge's own loop."""
        return self._background.run(work)

    def api(self, method: str, token: str = INSIDE, **arguments: Any) -> Json:
        """Call the emulator itself, unrecorded: with everything allowed to the bot, or as the person of a token."""
        answer = self.run(self.upstream.call(method, arguments, token))
        assert answer["ok"], f"{method}: {answer['error']}"
        return answer

    def user(self, name: str) -> str:
        """The id of a person."""
        return self.directory.user(name)

    def channel(self, name: str) -> str:
        """The id of a channel, also of one that the app made."""
        return self.run(self.directory.channel(name))

    def called(self, method: str) -> list[Call]:
        """The calls of a method, oldest first."""
        return [call for call in self.calls if call.method == method]

    def until(self, condition: Callable[[], T | None], what: str = "it", seconds: float = 10.0) -> T:
        """Wait until a condition holds; what it returned. AssertionError after some seconds."""
        end = time.monotonic() + seconds
        while True:
            if result := condition():
                return result
            if time.monotonic() > end:
                raise AssertionError(
                    f"waited {seconds} seconds for {what}; calls: {[it.method for it in self.calls[-20:]]}"
                )
            with self._changed:
                self._changed.wait(_POLL_SECONDS)

    def trouble(self, method: str, **what: Any) -> None:
        """Let the next calls of a method, `*` for any or `response_url`, go wrong: see `Trouble`."""
        self.troubles.add(Trouble(method, **what))

    def now(self) -> float:
        """The time here, in seconds."""
        return time.time() + self._ahead

    def pass_time(self, seconds: float) -> None:
        """Let triggers, addresses of replies and tokens grow older."""
        self._ahead += seconds

    def delete_channel(self, name: str) -> None:
        """As an administrator does: it is not found any more."""
        self.directory.deleted_channels.add(self.channel(name))

    def deactivate(self, name: str) -> None:
        """As an administrator does: somebody has left."""
        self.directory.gone.add(name)

    def taken_faults(self) -> list[str]:
        """The faults so far, which are forgotten: for a test that provokes them."""
        taken, self.faults = self.faults, []
        return taken

    def authorization_code(self, user: str, scopes: tuple[str, ...] | None = None, state: str = "") -> str:
        """What the app's redirect address would be given once somebody has agreed to install it."""
        app = self.workspace.app
        fields = {
            "user_id": self.user(user),
            "client_id": app.client_id,
            "redirect_uri": app.redirect_uri,
            "scope": ",".join(scopes if scopes is not None else app.scopes),
            "user_scope": "",
            "state": state,
        }
        return parse_qs(urlsplit(self.run(self.upstream.authorize(fields))).query)["code"][0]

    def stop(self) -> None:
        """Close everything."""
        self.run(self._stop())
        self._background.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # What the driver asks of it

    def fault(self, wrong: str) -> None:
        """Remember what Slack would refuse: a test's fixture fails on it."""
        self.faults.append(wrong)

    def changed(self) -> None:
        """Wake whoever waits."""
        with self._changed:
            self._changed.notify_all()

    def check(self, kind: PayloadKind, payload: Any, what: str) -> bool:
        """Whether the validators take a payload; a fault when they do not."""
        try:
            validators.check(kind, payload)
        except AssertionError as wrong:
            self.fault(f"{what}: {wrong}")
            return False
        return True

    def response_url(self, user: str, channel: str, source: str = "", *, ephemeral: bool = False) -> str:
        """A new address for replies; see `Replies.open`."""
        return f"{self.url}/response/{self.replies.open(user, channel, source, ephemeral=ephemeral)}"

    async def show(self, address: Address, body: Json, *, ephemeral: bool) -> None:
        """Let people see a reply: to a `response_url`, or in the acknowledgement of a slash command."""
        source = address.source if body.get("replace_original") or body.get("delete_original") else ""
        here = {"channel": address.channel}
        if source and address.source_ephemeral:
            if body.get("delete_original"):
                self.ephemerals.remove(source)
            else:
                self.ephemerals.replace(source, body)
        elif source:
            method = "chat.delete" if body.get("delete_original") else "chat.update"
            await self._write(method, {**here, "ts": source, **_content(body)})
        elif ephemeral:
            self.ephemerals.add(address.user, address.channel, body)
        else:
            await self._write("chat.postMessage", {**here, **_content(body)})

    async def _write(self, method: str, arguments: Json) -> None:
        answer = await self.upstream.call(method, arguments)
        if not answer["ok"]:
            # where Slack lets an app answer although it is no member, the emulator does not
            self.fault(f"a reply cannot be shown here: {answer['error']}")

    # Its servers

    async def _start(self, emulator: str) -> None:
        app = web.Application(client_max_size=LARGEST_REQUEST)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/response/{key}", self._response)
        app.router.add_post("/upload/{path:.*}", self._upload)
        app.router.add_get("/files-pri/{path:.*}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        self.sockets = Sockets()
        app.router.add_get("/link", self.sockets.serve)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://{':'.join(str(part) for part in self._runner.addresses[0])}"
        self.upstream = Upstream(emulator, self.workspace.url, self.url)
        self.directory = Directory(self.workspace, self.upstream)
        self.tokens = Tokens(self.workspace, self.now)
        self.views = Views(self.upstream.call, self.now)
        self.replies = Replies(self.now)
        self.ephemerals = Ephemerals()
        self.troubles = Troubles(_refusal)
        self._web_api = WebApi(
            self.upstream,
            self.directory,
            self.tokens,
            self.views,
            self.sockets,
            self.ephemerals,
            self.fault,
            f"{self.url.replace('http', 'ws', 1)}/link",
        )
        await self.directory.fill(self.workspace.channels)

    async def _stop(self) -> None:
        self.troubles.clear()
        await self.sockets.drop()
        await self._runner.cleanup()
        await self.upstream.close()

    async def _api(self, request: web.Request) -> web.Response:
        call = await Call.read(request, self.now())
        self.calls.append(call)
        trouble = self.troubles.take(call.method)
        if trouble is not None:
            answer = await self.troubles.strike(trouble, request)
            if answer is not None:
                self.changed()
                return answer
        told = await self._web_api.answer(call)
        if trouble is not None and trouble.after:
            self.changed()
            return lose(request)
        call.answer = told
        self.changed()
        token = self.tokens.find(call.token)
        scopes = "" if isinstance(token, str) else ",".join(sorted(token.scopes))
        return web.json_response(told, headers={"x-oauth-scopes": scopes})

    async def _response(self, request: web.Request) -> web.Response:
        trouble = self.troubles.take("response_url")
        if trouble is not None:
            answer = await self.troubles.strike(trouble, request)
            if answer is not None:
                return answer
        body = await request.json()
        posted = self.replies.post(request.match_info["key"], body)
        if isinstance(posted, str):
            return web.json_response({"ok": False, "error": posted}, status=404)
        if self.check(PayloadKind.MESSAGE, body, "response_url"):
            address, reply = posted
            await self.show(address, body, ephemeral=reply.ephemeral)
        self.changed()
        return web.json_response({"ok": True})

    async def _upload(self, request: web.Request) -> web.Response:
        trouble = self.troubles.take("upload")
        if trouble is not None:
            answer = await self.troubles.strike(trouble, request)
            if answer is not None:
                return answer
        headers = {"Content-Type": request.headers.get("Content-Type", "application/octet-stream")}
        self.uploads.append(await request.read())
        status, body = await self.upstream.post(request.path, self.uploads[-1], headers)
        return web.Response(status=status, body=body)

    async def _download(self, request: web.Request) -> web.Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if isinstance(self.tokens.find(token), str):
            return web.Response(status=403)
        trouble = self.troubles.take("download")
        if trouble is not None:
            answer = await self.troubles.strike(trouble, request)
            if answer is not None:
                return answer
        status, body, kind = await self.upstream.get(request.path)
        return web.Response(status=status, body=body, content_type=kind)


def _content(body: Json) -> Json:
    """What a reply says, as a message."""
    content = {name: body[name] for name in ("text", "thread_ts") if body.get(name)}
    return {**content, "blocks": kept(body.get("blocks") or [])}


def _refusal(status: int) -> web.Response:
    return web.json_response(
        {"ok": False, "error": "ratelimited" if status == 429 else "internal_error"}, status=status
    )
