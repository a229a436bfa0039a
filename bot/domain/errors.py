"""The one tree of errors a person may cause and is shown; anything else that is raised is a bug with a reference."""

from __future__ import annotations

from bot.text import Say, T, Text


class Refusal(Exception):
    """What was asked cannot be done.

    `what` says what happened and why, `next_step` what to do now (a sentence), `suggestion` a command that would work,
    `field` the argument it belongs to. A refusal changes nothing; what was typed is kept by whoever catches it.
    """

    kind = "refused"

    def __init__(
        self, what: Text, next_step: Text | None = None, *, suggestion: Say | None = None, field: str | None = None
    ) -> None:
        super().__init__(what.message)
        self.what = what
        self.next_step = next_step
        self.suggestion = suggestion
        self.field = field


class NotAllowed(Refusal):
    """Not this person's to do: says whose it is."""

    kind = "not allowed"


class NotNow(Refusal):
    """Right person, wrong time or state: says when, or what must come first."""

    kind = "not now"


class NotFound(Refusal):
    """Nothing of that name: says what is near."""

    kind = "not found"


class Invalid(Refusal):
    """An argument cannot be understood or breaks a limit: says which, and shows a good one."""

    kind = "invalid"


class NeedsException(Refusal):
    """A gate only the Chair can lift, by recording a public reason."""

    kind = "needs an exception"


class ForTheChair(NeedsException):
    """The same of what others may do too: its next step tells them to ask the Chair."""

    def to_the_chair(self) -> NeedsException:
        """The same, said to the Chair, who need not ask anybody: what they type."""
        step = T(
            "Give it that time, or record an exception: add {option} to what you typed, with your reason, which is published.",
            option='--exception "…"',
        )
        return NeedsException(self.what, step, field=self.field)


class Incomplete(Exception):
    """Answers are missing: not an error but the start of a conversation. `fields` are the arguments still to ask."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields
