"""A form in a terminal: the question asked now, what was answered before, what one can type instead of an answer."""

from __future__ import annotations

from typing import Final

from rich.console import RenderableType
from rich.text import Text as Line

from adapters.shared.asked import asked, controls
from adapters.shared.words import Words
from adapters.terminal.paper import COMMAND_STYLE, FAINT, STRONG, Framed, Prose, Stacked, prose, sentence, styled
from bot.domain.hygiene import one_line
from bot.text import T, Text
from bot.view import Form, Question

_EXCERPT: Final = 60
_HERE: Final = "▸ "


def drawn_form(form: Form, words: Words, *, whole: bool = False) -> RenderableType:
    """The form, as a panel; `whole` shows all of what was answered."""
    question = asked(form)
    problems: dict[str, list[Text]] = {}
    fields = {each.field for each in form.questions}
    for field, why in form.problems:
        problems.setdefault(field if field in fields else "", []).append(why)

    parts: list[RenderableType] = []
    for each in form.questions:
        if each is not question and (each.field in form.answers or each.field in problems):
            wrong = problems.get(each.field, [])
            parts.append(_answered(each, form.answers.get(each.field), words, sign="✗" if wrong else "✓", whole=whole))
            parts += [sentence(words, why, bar="  ") for why in wrong]
    general = _problems(problems.get("", []), words)
    if parts and (general or question is not None):
        parts.append("")
    parts += general
    parts += _question(question, form, problems, words, whole=whole) if question is not None else [_ready(words)]
    parts += ["", _steering(form, words)]
    return Framed(_title(form, words), Stacked(parts), "cyan")


def _title(form: Form, words: Words) -> Line:
    title = styled(words.say(form.title))
    numbers = {each.field: number for number, each in enumerate(form.questions, 1)}
    if form.current in numbers:
        progress = T("{number} of {count}", number=numbers[form.current], count=len(form.questions))
        title.append(" · ").append(words.say(progress))
    return title


def _answered(question: Question, answer: str | None, words: Words, *, sign: str, whole: bool) -> RenderableType:
    lead = Line(f"{sign} ", "green" if sign == "✓" else "bold red")
    line = Line().append(words.say(question.label), FAINT)
    if whole and answer and one_line(answer, _EXCERPT) != answer:
        return Stacked([Prose(line, lead=lead), prose(answer, bar="  │ ")])
    labels = {key: words.say(label) for key, label in question.choices}
    shown = labels.get(answer, one_line(answer, _EXCERPT)) if answer else "—"
    return Prose(line.append(f"  {shown}"), lead=lead)


def _problems(why: list[Text], words: Words) -> list[RenderableType]:
    return [sentence(words, each, lead=Line("✗ ", "bold red")) for each in why]


def _question(
    question: Question, form: Form, problems: dict[str, list[Text]], words: Words, *, whole: bool
) -> list[RenderableType]:
    label = Line().append(words.say(question.label), STRONG)
    if not question.required:
        label.append("  ").append(words.say(T("(optional)")), FAINT)
    parts: list[RenderableType] = [Prose(label, lead=Line(_HERE, COMMAND_STYLE))]
    if question.hint is not None:
        parts.append(sentence(words, question.hint, FAINT, bar="  "))
    for number, (_, choice) in enumerate(question.choices, 1):
        parts.append(Prose(Line(f"{number}. ", COMMAND_STYLE).append(words.say(choice)), bar="  "))
    before = form.answers.get(question.field)
    if before and whole and one_line(before, _EXCERPT) != before:
        parts += [sentence(words, T("So far:"), FAINT, bar="  "), prose(before, bar="  │ ")]
    elif before:
        parts.append(sentence(words, T("So far: {answer}", answer=one_line(before, _EXCERPT)), FAINT, bar="  "))
    parts += _problems(problems.get(question.field, []), words)
    return parts


def _ready(words: Words) -> RenderableType:
    return sentence(words, T("All answered. Submit it?"), STRONG, lead=Line(_HERE, COMMAND_STYLE))


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
