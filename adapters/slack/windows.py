"""Windows: forms submitted, kept, given more room, closed. What is typed in them is not lost by being refused."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, Final

import aiohttp
import msgspec
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.blocks import Drawing
from adapters.slack.carried import Window, decoded
from adapters.slack.commands import on_its_way
from adapters.slack.conversation import Conversation, Place, Speaker, speaker_in
from adapters.slack.errors import code_of
from adapters.slack.files import downloaded
from adapters.slack.filled import answers, asked_at, uploads
from adapters.slack.modals import (
    AFRESH,
    KEEP,
    MORE,
    all_errors,
    field_errors,
    modal,
    offered,
    result,
    unanswered,
)
from adapters.slack.origins import Refusals, digest
from adapters.slack.replies import TOO_LARGE, Replies, too_large
from adapters.slack.speech import Block, speech
from bot.command import COMMANDS
from bot.domain.errors import Refusal
from bot.domain.ids import derived
from bot.domain.template import plain
from bot.drafting import problem_of
from bot.engine import Answer
from bot.reply import broken
from bot.text import T, Text, joined
from bot.view import File, Form, Notice, Tone, View

log = logging.getLogger(__name__)

_MOVED_ON: Final = frozenset({"hash_conflict", "not_found"})
READ_SECONDS: Final = 1.5
"""How long Slack waits for the answer to a window at most, while a file is read; it would do so for three."""

SHOWN_SECONDS: Final = 1.0
"""How long Slack takes to show that answer. A window updated earlier would be overwritten by it."""

READING: Final = Notice(T("Reading the file…"))
KEPT: Final = T("Kept as a draft. You find it under “What needs you”.")


class Windows:
    """Answers what happens in a form's window. `session` is for fetching files people attach."""

    def __init__(self, conversation: Conversation, replies: Replies, session: aiohttp.ClientSession) -> None:
        self._conversation = conversation
        self._replies = replies
        self._session = session
        self._refusals = Refusals()

    async def submitted(self, body: Mapping[str, Any], client: AsyncWebClient) -> dict[str, Any] | None:
        """Slack's `response_action`: the errors by field, the answer, or the form again. None: close the window."""
        view = body["view"]
        window = decoded(Window, view["private_metadata"])
        if window is None:
            return None
        speaker = speaker_in(body, client)
        attached = uploads(view)
        if not attached:
            return self._response(await self._answered(view, window, speaker, {}), view, window, speaker)
        reading = asyncio.create_task(self._answered(view, window, speaker, attached))
        if (await asyncio.wait({reading}, timeout=READ_SECONDS))[0]:
            return self._response(reading.result(), view, window, speaker)
        self._conversation.background.spawn(self._later(reading, view, window, speaker), "reading attached files")
        return {"response_action": "update", "view": result(READING, _drawing(window))}

    async def dispatched(self, body: Mapping[str, Any], client: AsyncWebClient) -> None:
        """A button of the form's own, or an input that tells of itself: what was typed is kept, whichever it is."""
        view, action = body["view"], body["actions"][0]
        window = decoded(Window, view["private_metadata"])
        if window is None:
            return
        speaker = speaker_in(body, client)
        name, _, field = str(action["action_id"]).partition(":")
        if name == AFRESH:
            await self._cancelled(body, window, speaker)
            blank = await self._ask(window, speaker, window.command, window.fixed, f"afresh:{body['trigger_id']}")
            if isinstance(blank.view, Form):
                window = msgspec.structs.replace(window, room={})
                await self._update(client, view, modal(blank.view, window, _drawing(window), over=view))
            else:
                await self._replies.show(client, body["trigger_id"], blank.view, window.community, over=view["id"])
            return
        kept = await self._keep(view, window, speaker, body["trigger_id"])
        if name not in (KEEP, MORE):
            return
        if not isinstance(kept.view, Form):
            await self._replies.show(client, body["trigger_id"], kept.view, window.community, over=view["id"])
            return
        if name == MORE:
            shown = _with_room(view, window)
            window = msgspec.structs.replace(shown, room={**shown.room, field: shown.room.get(field, 0) + 1})
        drawn = modal(kept.view, window, _drawing(window), kept=True, over=view)
        if too_large(drawn):
            await self._replies.show(client, body["trigger_id"], TOO_LARGE, window.community, over=view["id"])
        else:
            await self._update(client, view, drawn)

    async def suggested(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """What may be meant by what a person begins to type in a menu of a form's."""
        window = decoded(Window, (body.get("view") or {}).get("private_metadata") or "")
        argument = None
        if window is not None and window.command in COMMANDS:
            argument = COMMANDS[window.command].by_name.get(asked_at(str(body["block_id"])))
        if window is None or argument is None:
            return {"options": []}
        begun = plain(str(body.get("value") or ""))
        found = await self._conversation.suggestions(window.community, argument.ask.named, begun)
        return offered(found, speech())

    async def closed(self, body: Mapping[str, Any], client: AsyncWebClient) -> None:
        """Slack need not say what stood in a window that is closed; where it does, that is kept."""
        view = body["view"]
        window = decoded(Window, view.get("private_metadata") or "")
        declared = COMMANDS.get(window.command) if window is not None else None
        if window is None or declared is None or not declared.keeps:
            return
        typed = answers({"state": {"values": {}}, **view}, window)
        if typed.keys() - window.fixed.keys():
            await self._keep(view, window, speaker_in(body, client), f"closed:{view['id']}")

    async def _answered(
        self, view: Mapping[str, Any], window: Window, speaker: Speaker, attached: Mapping[str, Mapping[str, Any]]
    ) -> View:
        """What a window says once it was sent off: a form again, or the answer. What a file held is in no form."""
        typed, read = answers(view, window), dict[str, str]()
        problems: list[tuple[str, Text]] = []
        for field, file in attached.items():
            try:
                read[field] = await downloaded(self._session, speaker.client, file, field)
            except Refusal as refusal:
                problems.append((field, problem_of(refusal)))
        if problems:
            declared = COMMANDS[window.command]
            return Form(window.command, declared.summary, declared.questions(), typed, None, tuple(problems))
        answered = {**typed, **read}
        answer = await self._asked(view, window, speaker, answered)
        form = self._refused(answer, window, answered)
        if form is None:
            return answer.view
        return msgspec.structs.replace(
            form, answers={name: text for name, text in form.answers.items() if name not in read}
        )

    def _response(self, shown: View, view: Mapping[str, Any], window: Window, speaker: Speaker) -> dict[str, Any]:
        drawing = _drawing(window)
        errors = field_errors(shown, view, drawing) if isinstance(shown, Form) else {}
        if errors:
            return {"response_action": "errors", "errors": errors}
        if isinstance(shown, Form):
            drawn = modal(shown, _with_room(view, window), drawing, over=view)
            if too_large(drawn):  # what is typed stays where it is
                return {"response_action": "errors", "errors": all_errors(shown, view, drawing)}
        else:
            drawn = result(self._shown(shown, window, speaker), drawing)
        return {"response_action": "update", "view": drawn}

    async def _later(
        self, reading: asyncio.Task[View], view: Mapping[str, Any], window: Window, speaker: Speaker
    ) -> None:
        """Show what came of it in the window that waits."""
        try:
            shown = await reading
        except Exception as error:
            reference = derived(view["id"], 0, 6)
            told = {"reference": reference}
            log.error("bug %s in reading attached files", reference, exc_info=error, extra=told)  # noqa: TRY400 — it is
            shown = broken(reference, "")
        drawing = _drawing(window)
        await asyncio.sleep(SHOWN_SECONDS)
        if isinstance(shown, Form):
            drawn = modal(shown, _with_room(view, window), drawing)
        else:
            drawn = result(self._shown(shown, window, speaker), drawing)
        await self._update(speaker.client, view, drawn, anyway=True)

    async def _asked(
        self, view: Mapping[str, Any], window: Window, speaker: Speaker, answered: dict[str, str]
    ) -> Answer:
        """What it is answered. A refusal from before is none: the world has moved on, and it is looked at anew."""
        while True:
            origin = self._refusals.origin(speaker.team, view["id"], answered)
            answer = await self._conversation.ask(
                window.community, speaker, _place(window), window.command, answered, origin, window=window.window
            )
            if self._refused(answer, window, answered) is None:
                return answer
            self._refusals.refused(view["id"])
            if not answer.again:
                return answer

    async def _ask(
        self, window: Window, speaker: Speaker, command: str, arguments: dict[str, str], origin: str
    ) -> Answer:
        return await self._conversation.ask(
            window.community,
            speaker,
            _place(window),
            command,
            arguments,
            f"slack:{speaker.team}:{origin}",
            window=window.window,
        )

    async def _keep(self, view: Mapping[str, Any], window: Window, speaker: Speaker, origin: str) -> Answer:
        typed = answers(view, window)
        arguments = {"form": window.command, "answers": msgspec.json.encode(typed).decode()}
        return await self._ask(window, speaker, "draft keep", arguments, f"keep:{origin}:{digest(*typed.values())}")

    async def _cancelled(self, body: Mapping[str, Any], window: Window, speaker: Speaker) -> None:
        await self._ask(window, speaker, "draft cancel", {}, f"cancel:{body['trigger_id']}")

    def _refused(self, answer: Answer, window: Window, answered: dict[str, str]) -> Form | None:
        """The form again, with what is wrong, where an answer is that something is."""
        view = answer.view
        if isinstance(view, Form):
            return view if view.problems else unanswered(view, _drawing(window))
        if isinstance(view, Notice) and view.tone is Tone.REFUSED and answered:
            declared = COMMANDS[window.command]
            why = joined([view.text, view.next_step]) if view.next_step is not None else view.text
            problem = (view.field if view.field in declared.by_name else "", why)
            return Form(
                window.command, declared.summary, declared.questions(), answered, None, ((problem[0] or "", why),)
            )
        return None

    def _shown(self, view: View, window: Window, speaker: Speaker) -> View:
        if not isinstance(view, File):
            return view
        handing = self._replies.hand_over(speaker, window.community, view)
        self._conversation.background.spawn(handing, "handing over a file")
        return on_its_way(view)

    async def _update(
        self, client: AsyncWebClient, view: Mapping[str, Any], drawn: Block, *, anyway: bool = False
    ) -> None:
        """Show a window anew; not over what came meanwhile, unless that is what was waited for (`anyway`).

        Where it was closed, or another click came first, there is nothing to show.
        """
        stamp = {} if anyway else {"hash": view["hash"]}
        try:
            await client.views_update(view_id=view["id"], view=drawn, **stamp)
        except SlackApiError as error:
            if code_of(error) not in _MOVED_ON:
                raise


def _with_room(view: Mapping[str, Any], window: Window) -> Window:
    """The window with the inputs it shows now, so that drawn again it has as many."""
    shown: dict[str, int] = {}
    for block in view["blocks"]:
        field, _, number = str(block.get("block_id") or "").partition("#")
        if block["type"] == "input" and number and number != "file":
            shown[field] = max(shown.get(field, 0), int(number.partition("|")[0]))
    return msgspec.structs.replace(window, room={field: count for field, count in shown.items() if count})


def _place(window: Window) -> Place:
    return Place(window.place, window.name, window.private)


def _drawing(window: Window) -> Drawing:
    return Drawing(speech(), window.community, tables=False)
