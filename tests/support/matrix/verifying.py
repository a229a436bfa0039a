"""Verifying somebody by comparing emoji, one step at a time, as somebody with an Element sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # which makes these
    from tests.support.matrix.watching import Watcher


@dataclass(frozen=True)
class Stage:
    """Where a verification is: Requested, Ready, Started, Done or Cancelled, with the code it was cancelled with."""

    id: int
    other: str
    device: str
    room: str
    mine: bool
    phase: str
    emoji: tuple[str, ...]
    numbers: tuple[int, ...]
    cancelled: str
    error: str


class Verification:
    """A verification that somebody asked for, or was asked for."""

    def __init__(self, person: Watcher, number: int) -> None:
        self._person = person
        self._number = number

    @property
    def stage(self) -> Stage:
        """Where it is now."""
        raw = self._person.ask("verification", verification=self._number)
        return Stage(**{**raw, "emoji": tuple(raw["emoji"]), "numbers": tuple(raw["numbers"])})

    def reaches(self, phase: str) -> Stage:
        """Where it is, as soon as it is there; AssertionError when that takes too long."""
        return self._until(lambda stage: stage.phase == phase, phase)

    def accept(self) -> None:
        """Say yes to the request."""
        self._step("accept")

    def start(self) -> None:
        """Begin with emoji, once the other side has accepted."""
        self.reaches("Ready")
        self._step("start")

    def shown(self) -> tuple[str, ...]:
        """The emoji to compare, as soon as they are there."""
        return self._until(lambda stage: bool(stage.emoji), "emoji").emoji

    def confirm(self) -> None:
        """They match."""
        self._step("confirm")

    def mismatch(self) -> None:
        """They do not."""
        self._step("mismatch")

    def cancel(self) -> None:
        """Do not go on."""
        self._step("cancel")

    def _step(self, step: str) -> None:
        self._person.ask("verify", verification=self._number, step=step)

    def _until(self, so: Callable[[Stage], bool], what: str) -> Stage:
        def look() -> Stage | None:
            stage = self.stage
            return stage if so(stage) else None

        return self._person.until(look, lambda: f"{what} of a verification, but {self.stage}")
