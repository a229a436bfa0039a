"""Forms as Slack's modals: nothing is cut, on the way in or out. What was filled in is read by `adapters.slack.filled`.

An input holds 3,000 characters. A longer answer takes several inputs, each of which says how it goes on from the one
before; put together again they are what was typed, letter for letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from adapters.slack.blocks import Drawing, context, header, sections
from adapters.slack.carried import METADATA, OPTION_VALUE, Window, encoded, whole
from adapters.slack.filled import ANSWER, FILE, JOINS, asked_at, instead, joined, parts_of
from adapters.slack.messages import ICONS, VIEW, drawn, pages
from adapters.slack.rich import rich_text
from adapters.slack.speech import Block, Speech, fits, line, plain_text
from bot.command import COMMANDS
from bot.domain.template import plain
from bot.suggesting import Suggestion, chosen
from bot.text import T, Text
from bot.view import Form, Named, Question, Tone, View

INPUT: Final = 2_900
"""Characters put into one input, which takes 3,000: some letters count twice."""

INPUT_LIMIT: Final = 3_000
TITLE: Final = 24
LABEL: Final = 2_000
CHOICES: Final = 100
OPTION: Final = 75
RADIOS: Final = 5
"""Choices shown at once; more are a menu."""

MOST_BLOCKS: Final = 100
FORM: Final = "form"
SHOWN: Final = "shown"
KEEP: Final = "keep"
MORE: Final = "more"
AFRESH: Final = "afresh"


def modal(
    form: Form, window: Window, drawing: Drawing, *, kept: bool = False, over: Mapping[str, Any] | None = None
) -> Block:
    """A form as a modal. `kept`: it begins with what was typed in it before, and may be begun afresh.

    `over` is the window whose place it takes: what was typed there stays in the inputs it was typed in.
    """
    say = drawing.speech
    standing = parts_of(over["state"]["values"]) if over is not None else {}
    form = msgspec.structs.replace(form, answers=whole(form.answers))
    window, questions = _carrying(form, window)
    problems: dict[str, list[Text]] = {}
    for field, why in form.problems:
        problems.setdefault(field if any(each.field == field for each in questions) else "", []).append(why)
    made: list[Block] = [*sections([say.marked(form.title)])]
    made += _problems(problems.get("", []), drawing)
    if kept:
        made += context(say.marked(T("You go on with what you typed before.")))
    declared = COMMANDS.get(form.command)
    keeps = declared is not None and declared.keeps
    files = {each.name for each in declared.fields if each.ask.file} if declared is not None else set()
    for number, question in enumerate(questions):
        asked = _problems(problems.get(question.field, []), drawing)
        answer, room = form.answers.get(question.field, ""), window.room.get(question.field, 0)
        parts = standing.get(question.field, [])
        parts = parts if joined(parts) == answer else [*_divided(answer)]
        asked += _inputs(question, parts, room, say, file=question.field in files, dispatches=keeps)
        if len(made) + len(asked) > MOST_BLOCKS - 2:
            made += context(say.marked(_left_out(questions[number:])))
            break
        made += asked
    if keeps:
        made.append(_keeping(drawing, kept=kept))
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": encoded(window),
        "notify_on_close": True,
        "title": plain_text(_title(form), TITLE),
        "submit": plain_text(say.plain(T("Submit")), TITLE),
        "close": plain_text(say.plain(T("Close")), TITLE),
        "blocks": made if over is None else instead(made, over["state"]["values"]),
    }


def result(view: View, drawing: Drawing) -> Block:
    """What was answered, as a window to be read."""
    page, *rest = pages(drawn(view, drawing), MOST_BLOCKS - 1, VIEW)
    if rest:
        page += context(
            drawing.speech.marked(T("This is longer than a window shows. Give the command to read it all."))
        )
    return {
        "type": "modal",
        "callback_id": SHOWN,
        "title": plain_text("wgbot", TITLE),
        "close": plain_text(drawing.speech.plain(T("Done")), TITLE),
        "blocks": page or [*header(T("Done"), drawing)],
    }


def field_errors(form: Form, view: Mapping[str, Any], drawing: Drawing) -> dict[str, str]:
    """Problems by the id of the input each belongs to; empty when one belongs to none that the window shows."""
    inputs = [each["block_id"] for each in view["blocks"] if each["type"] == "input"]
    found: dict[str, str] = {}
    for field, why in form.problems:
        at = next((each for each in inputs if asked_at(each) == field), None)
        if at is None:
            return {}
        found[at] = "\n".join([*filter(None, [found.get(at)]), drawing.speech.plain(why)])
    return found


def all_errors(form: Form, view: Mapping[str, Any], drawing: Drawing) -> dict[str, str]:
    """All problems at a window's first input, whichever they belong to."""
    first = next(each["block_id"] for each in view["blocks"] if each["type"] == "input")
    return {first: "\n".join(drawing.speech.plain(why) for _, why in form.problems)}


def unanswered(form: Form, drawing: Drawing) -> Form:
    """A form that still asks for something, with that said as its problem."""
    asked = [each for each in form.questions if each.required and not form.answers.get(each.field, "").strip()]
    return msgspec.structs.replace(form, problems=tuple((each.field, T("This needs an answer.")) for each in asked))


def _carrying(form: Form, window: Window) -> tuple[Window, tuple[Question, ...]]:
    """The window with as many of its fixed answers as it can carry, and the questions asked for the rest."""
    asked = {each.field for each in form.questions}
    fixed = {name: text for name, text in form.answers.items() if name in window.fixed or name not in asked}
    while len(encoded(msgspec.structs.replace(window, fixed=fixed))) > METADATA:
        del fixed[max(fixed, key=lambda name: len(fixed[name]))]
    carried = msgspec.structs.replace(window, fixed=fixed)
    return carried, tuple(each for each in form.questions if each.field not in fixed)


def _left_out(questions: Sequence[Question]) -> Text:
    """What has no room in a window, and is given by typing."""
    names = ", ".join(f"--{each.field.replace('_', '-')}" for each in questions)
    return T("There is no room here for these; give them with the command: {names}", names=names)


def _title(form: Form) -> str:
    """The command in words that fit: `Consensus object`."""
    words = form.command.removesuffix(" new").replace("-", " ").split()
    return line(" ".join(words).capitalize(), TITLE)


def _problems(why: list[Text], drawing: Drawing) -> list[Block]:
    return [*sections(f"{ICONS[Tone.REFUSED]} {drawing.speech.marked(each)}" for each in why)] if why else []


def _inputs(
    question: Question, parts: Sequence[tuple[str, str]], room: int, say: Speech, *, file: bool, dispatches: bool
) -> Iterator[Block]:
    label, hint = say.plain(question.label), say.plain(question.hint) if question.hint is not None else ""
    if not fits(label, LABEL):
        yield from rich_text(label, quoted=False)
    element = _choosing(question, joined(parts), say)
    if element is not None:
        yield {
            **_input(f"{question.field}#0|", label, hint, element, optional=not question.required),
            "dispatch_action": dispatches,
        }
        return
    if file:
        file_hint = say.plain(T("A text file (UTF-8): .md, .txt or .csv. Or paste the text below."))
        attach = {"type": "file_input", "action_id": FILE, "filetypes": ["csv", "md", "txt", "text"], "max_files": 1}
        yield _input(f"{question.field}#file", label, file_hint, attach, optional=True)
    limit = question.limit or INPUT_LIMIT
    asked = max(len(parts), 1 + room)
    for number in range(asked):
        mark, part = parts[number] if number < len(parts) else ("p", "")
        shown = label if number == 0 else say.plain(T("{question} (goes on)", question=question.label))
        text: Block = {
            "type": "plain_text_input",
            "action_id": ANSWER,
            "multiline": question.multiline,
            "max_length": max(min(limit, INPUT_LIMIT), len(part), 1),
        }
        if part:
            text["initial_value"] = part
        needed = question.required and number == 0 and not file
        at = f"{question.field}#{number}|{mark if number else ''}"
        made = _input(at, shown, hint if number == 0 else "", text, optional=not needed)
        if dispatches and not question.multiline:
            text["dispatch_action_config"] = {"trigger_actions_on": ["on_enter_pressed"]}
            made["dispatch_action"] = True
        yield made
    if question.multiline and asked * INPUT_LIMIT < limit:
        more = {
            "type": "button",
            "action_id": f"{MORE}:{question.field}",
            "text": plain_text(say.plain(T("More room")), OPTION),
            "value": question.field,
        }
        yield {"type": "actions", "block_id": f"{MORE}:{question.field}", "elements": [more]}


def _choosing(question: Question, answer: str, say: Speech) -> Block | None:
    """A menu or a few circles; None where the choices are too many or too long to be one."""
    if question.named is not Named.NOTHING:
        return _naming(question, answer)
    choices = question.choices
    if not 0 < len(choices) <= CHOICES or any(not key or len(key) > OPTION_VALUE for key, _ in choices):
        return None
    options = [{"text": plain_text(say.plain(label), OPTION), "value": plain(key)} for key, label in choices]
    few = len(options) <= RADIOS and question.required
    element: Block = {
        "type": "radio_buttons" if few else "static_select",
        "action_id": ANSWER,
        "options": options,
    }
    before = next((each for each in options if each["value"] == answer), None)
    if before is not None:
        element["initial_option"] = before
    return element


def _naming(question: Question, answer: str) -> Block | None:
    """A menu of what one begins to type; None where what was typed before could not be shown in it."""
    several = question.named is Named.PEOPLE
    before = chosen(answer) if several else (answer,) if answer.strip() else ()
    if len(before) > CHOICES or any(len(each) > OPTION or not each.strip() for each in before):
        return None
    element: Block = {
        "type": "multi_external_select" if several else "external_select",
        "action_id": ANSWER,
        "min_query_length": 0 if question.named is Named.GROUP else 1,
    }
    options = [{"text": plain_text(each, OPTION), "value": plain(each)} for each in before]
    if options:
        element |= {"initial_options": options} if several else {"initial_option": options[0]}
    return element


def offered(found: Iterable[Suggestion], say: Speech) -> Block:
    """Suggestions as Slack takes them; those that would not fit an option are typed instead."""
    fitting = [each for each in found if len(each.typed) <= OPTION]
    return {
        "options": [
            {"text": plain_text(say.plain(each.shown), OPTION), "value": plain(each.typed)}
            for each in fitting[:CHOICES]
        ]
    }


def _input(block_id: str, label: str, hint: str, element: Block, *, optional: bool) -> Block:
    made: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain_text(label, LABEL),
        "element": element,
        "optional": optional,
    }
    if hint.strip():
        made["hint"] = plain_text(hint, LABEL)
    return made


def _divided(answer: str) -> Iterator[tuple[str, str]]:
    """An answer in parts that fit an input, each with the mark of what stood before it."""
    left, mark = answer, ""
    while len(left) > INPUT:
        at, following = _division(left)
        yield mark, left[:at]
        mark, left = following, left[at + len(JOINS[following]) :]
    yield mark, left


def _division(text: str) -> tuple[int, str]:
    for mark in ("p", "n", "s"):
        at = text.rfind(JOINS[mark], INPUT // 2, INPUT + 1)
        if at > 0 and text[:at].strip() and text[at + len(JOINS[mark]) :].strip():
            return at, mark
    return INPUT, ""


def _keeping(drawing: Drawing, *, kept: bool) -> Block:
    keep = {
        "type": "button",
        "action_id": KEEP,
        "text": plain_text(drawing.speech.plain(T("Keep as a draft")), OPTION),
        "value": KEEP,
    }
    afresh = {
        "type": "button",
        "action_id": AFRESH,
        "text": plain_text(drawing.speech.plain(T("Begin afresh")), OPTION),
        "value": AFRESH,
        "style": "danger",
    }
    return {"type": "actions", "block_id": KEEP, "elements": [keep, afresh] if kept else [keep]}
