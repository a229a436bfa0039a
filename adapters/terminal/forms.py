"""A form in a terminal: the question asked now, what was answered before, what one can type instead of an answer."""

from __future__ import annotations

from typing import Final

from rich.console import RenderableType
from rich.text import Text as Line

from adapters.shared.words import Words
from adapters.terminal.paper import COMMAND_STYLE, FAINT, STRONG, Framed, Prose, Stacked, sentence, styled
from bot.domain.hygiene import one_line
from bot.text import T, Text
from bot.view import Form, Question

BACK: Final = "back"
SKIP: Final = "skip"
PREVIEW: Final = "preview"
SUBMIT: Final = "submit"
CANCEL: Final = "cancel"
CONTROLS: Final = (BACK, SKIP, PREVIEW, SUBMIT, CANCEL)
"""Words that, typed alone, steer a form instead of answering it."""

_EXCERPT: Final = 60


def asked(form: Form) -> Question | None:
    """The question asked now; None when there is none left."""
    return next((each for each in form.questions if each.field == form.current), None)


def controls(form: Form) -> tuple[str, ...]:
    """What may be typed alone now."""
    question = asked(form)
    usable = {PREVIEW, CANCEL}
    if form.answers:
        usable.add(BACK)
    if question is None:
        usable.add(SUBMIT)
    elif not question.required:
        usable.add(SKIP)
    return tuple(each for each in CONTROLS if each in usable)


def meant(form: Form, answer: str) -> str:
    """An answer as the form's command takes it: the number of a choice stands for the choice."""
    question = asked(form)
    if question is not None and question.choices and answer.strip().isdecimal():
        number = int(answer)
        if 1 <= number <= len(question.choices):
            return question.choices[number - 1][0]
    return answer


def drawn_form(form: Form, words: Words) -> RenderableType:
    """The form, as a panel."""
    question = asked(form)
    problems: dict[str, list[Text]] = {}
    fields = {each.field for each in form.questions}
    for field, why in form.problems:
        problems.setdefault(field if field in fields else "", []).append(why)

    parts: list[RenderableType] = []
    for each in form.questions:
        if each is not question and (each.field in form.answers or each.field in problems):
            wrong = problems.get(each.field, [])
            parts.append(_answered(each, form.answers.get(each.field), words, sign="✗" if wrong else "✓"))
            parts += [sentence(words, why, bar="  ") for why in wrong]
    general = _problems(problems.get("", []), words)
    if parts and (general or question is not None):
        parts.append("")
    parts += general
    parts += _question(question, form, problems, words) if question is not None else [_ready(words)]
    parts += ["", _steering(form, words)]
    return Framed(_title(form, words), Stacked(parts), "cyan")


def _title(form: Form, words: Words) -> Line:
    title = styled(words.say(form.title))
    numbers = {each.field: number for number, each in enumerate(form.questions, 1)}
    if form.current in numbers:
        progress = T("{number} of {count}", number=numbers[form.current], count=len(form.questions))
        title.append(" · ").append(words.say(progress))
    return title


def _answered(question: Question, answer: str | None, words: Words, sign: str) -> RenderableType:
    labels = {key: words.say(label) for key, label in question.choices}
    shown = labels.get(answer, one_line(answer, _EXCERPT)) if answer else "—"
    return Prose(
        Line(f"{sign} ", "green" if sign == "✓" else "bold red")
        .append(words.say(question.label), FAINT)
        .append(f"  {shown}")
    )


def _problems(why: list[Text], words: Words) -> list[RenderableType]:
    return [Prose(Line("✗ ", "bold red").append_text(styled(words.say(each)))) for each in why]


def _question(question: Question, form: Form, problems: dict[str, list[Text]], words: Words) -> list[RenderableType]:
    label = Line("▸ ", COMMAND_STYLE).append(words.say(question.label), STRONG)
    if not question.required:
        label.append("  ").append(words.say(T("(optional)")), FAINT)
    parts: list[RenderableType] = [Prose(label)]
    if question.hint is not None:
        parts.append(sentence(words, question.hint, FAINT, bar="  "))
    for number, (_, choice) in enumerate(question.choices, 1):
        parts.append(Prose(Line(f"{number}. ", COMMAND_STYLE).append(words.say(choice)), bar="  "))
    before = form.answers.get(question.field)
    if before:
        parts.append(sentence(words, T("So far: {answer}", answer=one_line(before, _EXCERPT)), FAINT, bar="  "))
    parts += _problems(problems.get(question.field, []), words)
    return parts


def _ready(words: Words) -> RenderableType:
    return Prose(Line("▸ ", COMMAND_STYLE).append(words.say(T("All answered. Submit it?")), STRONG))


def _steering(form: Form, words: Words) -> RenderableType:
    question = asked(form)
    if question is None:
        ask = T("Type one of these:")
    elif question.choices:
        ask = T("Type a number or a choice, or one of these:")
    elif question.multiline:
        ask = T("Type your answer, as many lines as it takes, and an empty line to end it; or one of these:")
    else:
        ask = T("Type your answer, or one of these:")
    line = styled(words.say(ask), FAINT).append(" ")
    line.append_text(Line(" · ", FAINT).join(Line(each, COMMAND_STYLE) for each in controls(form)))
    return Prose(line)
