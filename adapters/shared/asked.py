"""A form that is asked question by question: which one is asked now, and what may be typed instead of an answer.

Where a form is a window with all its questions at once, none of this is needed.
"""

from __future__ import annotations

from typing import Final

from bot.view import Form, Question

BACK: Final = "back"
SKIP: Final = "skip"
PREVIEW: Final = "preview"
SUBMIT: Final = "submit"
CANCEL: Final = "cancel"
CONTROLS: Final = (BACK, SKIP, PREVIEW, SUBMIT, CANCEL)
"""Words that, typed alone, steer a form instead of answering it."""


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
