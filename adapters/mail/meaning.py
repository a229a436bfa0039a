"""What a reply means: a command, an answer to a form, or words about what it answers. It reads words, and does nothing.

In this order: a first line that begins with `wg` is that command, under any subject; a first line in the words of what is
answered (`bot.replying`) is that; an open form takes its answers, as lines that begin with its questions or as the answer to the
one asked; what is written on a consultation is a comment. Everything else is answered with what may be replied.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from adapters.shared.asked import CONTROLS, controls, meant
from bot.domain.errors import Refusal
from bot.domain.names import fold
from bot.replying import Choice, Replies
from bot.slash import LONGEST, parse
from bot.text import Text
from bot.view import Form, Question

TYPED: Final = 2_000
"""Characters of a reply that are given back when it is refused."""

FEW: Final = 2
"""Questions that need an answer, up to which the last one submits a form. Longer ones are shown once more, to be submitted."""

_COMMAND: Final = re.compile(r"[/!]?wg(?:\s+(?P<typed>.*))?", re.IGNORECASE | re.DOTALL)
_QUOTED: Final = re.compile(r"[“«\"'`](.*)[”»\"'`][.,]?")
"""A command may be copied with the quotes that letters show it in; those around its arguments are its own."""

_AFTER: Final = re.compile(r"\s*[:：;؛.!–—]\s*|\s+-+\s+")
"""What may stand between the words that say what to do and the reason, on one line."""

_AROUND: Final = " \t*_`\"'“”«»\u2039\u203a.!,،;؛:：…()[]"
Say = Callable[[Text], Sequence[str]]
"""A sentence in each language in which it may have been shown."""


@dataclass(frozen=True, slots=True)
class Meant:
    """A command with arguments. `first` is done before it, and not answered."""

    command: str
    arguments: dict[str, str] = field(default_factory=dict)
    typed: str = ""
    first: Meant | None = None


def meaning(
    text: str, answers: Replies, form: Form | None, say: Say, subject: str = "", attached: str | None = None
) -> Meant:
    """What a reply means. `form` is what its writer is filling in there, `attached` a text that came with it."""
    typed = text[:TYPED]
    line, _, below = text.partition("\n")
    quoted = _QUOTED.fullmatch(line.strip())
    found = _COMMAND.fullmatch(quoted[1] if quoted else line.strip())
    if found is not None:
        return _command(found["typed"] or "", below.strip(), say, typed, attached)
    chosen = _chosen(line, below, answers, say)
    if chosen is not None:
        return _tapped(*chosen, typed)
    if form is not None and (text or attached):
        return _answer(attached or text, form, say, typed)
    if answers.whole is not None and text:
        return _tapped(answers.whole, text, typed)
    if answers.line is not None and line.strip():
        return _tapped(answers.line, line.strip(), "")  # what is chosen may be secret: it is not given back
    return Meant("heard by mail", {"subject": subject, "text": line.strip()[:200]})


def _command(line: str, below: str, say: Say, typed: str, attached: str | None) -> Meant:
    """A command takes the lines below where it takes a text; else they may answer its questions, each by its own."""
    try:
        spoken = parse(line)
        if below and any(each.ask.rest for each in spoken.command.fields):
            marked = _fields(below, spoken.command.questions(), say)
            spoken = spoken if marked else parse(f"{line}\n{below}"[:LONGEST])
    except Refusal:
        return Meant("misunderstood", {"text": line}, typed)
    arguments = {**_fields(below, spoken.command.questions(), say), **spoken.arguments}
    named = next((each.name for each in spoken.command.fields if each.ask.file), None)
    if attached is not None and named is not None:
        arguments = {**arguments, named: attached}
    return Meant(spoken.command.name, arguments, "" if spoken.command.confidential else typed)


def _chosen(line: str, below: str, answers: Replies, say: Say) -> tuple[Choice, str] | None:
    """The choice that a first line makes, and what is said with it. Longer words are looked for first."""
    wanted = _key(line)
    if not wanted:
        return None
    words = [(spelling, choice) for choice in answers.choices for each in choice.words for spelling in say(each)]
    for spelling, choice in words:
        if _key(spelling) == wanted:
            return choice, below.strip()
    for spelling, choice in sorted(words, key=lambda each: -len(each[0])):
        said = _begins(line, spelling)
        if said is not None and choice.rest:
            return choice, f"{said}\n{below}".strip()
    return None


def _begins(line: str, spelling: str) -> str | None:
    """What follows on the line, where it begins with these words and a mark that sets them off. “Support would be early” does not."""
    for mark in _AFTER.finditer(line):
        if _key(line[: mark.start()]) == _key(spelling) and line[mark.end() :].strip():
            return line[mark.end() :].strip()
    return None


def _key(text: str) -> str:
    return fold(text.strip(_AROUND))


def _tapped(choice: Choice, said: str, typed: str) -> Meant:
    rest = {choice.rest: said} if said and choice.rest else {}
    return Meant(choice.tap.command, {**choice.tap.arguments, **rest}, typed)


def _answer(text: str, form: Form, say: Say, typed: str) -> Meant:
    word = text.strip().lower()
    if word in CONTROLS:
        return Meant(f"draft {word}" if word in controls(form) else "draft preview", {}, typed)
    marked = _fields(text, form.questions, say)
    needed = [each.field for each in form.questions if each.required]
    if not marked and form.current is not None and len(needed) <= FEW:
        marked = {form.current: meant(form, text)}
    if marked:
        answers = msgspec.json.encode({**form.answers, **marked}).decode()
        return Meant("draft submit", {}, typed, Meant("draft keep", {"form": form.command, "answers": answers}))
    return Meant("draft answer", {"text": meant(form, text)}, typed)


def _fields(text: str, questions: Sequence[Question], say: Say) -> dict[str, str]:
    """Answers to questions, each after the question itself or its name, and a colon or a line's end: `Title: …`."""
    found: dict[str, list[str]] = {}
    current = ""
    for line in text.split("\n"):
        begun = next(_marks(line, questions, say), None)
        if begun is not None:
            current, said = begun
            found.setdefault(current, []).append(said)
        elif current:
            found[current].append(line)
    answers = {name: "\n".join(lines).strip() for name, lines in found.items()}
    return {name: said for name, said in answers.items() if said}


def _marks(line: str, questions: Sequence[Question], say: Say) -> Iterator[tuple[str, str]]:
    for colon in re.finditer("[:：?؟]+", line):
        key = _key(line[: colon.start()])
        for question in questions:
            if key and key in {fold(question.field), *(_key(each.strip("?؟ ")) for each in say(question.label))}:
                yield question.field, line[colon.end() :].strip()
