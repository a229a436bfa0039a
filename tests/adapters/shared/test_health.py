"""What platforms' checks share: this machine's clock beside theirs; a check that fails is found broken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from adapters.shared.health import Finding, Health, clock_findings, examined
from adapters.shared.words import Words


def dated(apart: timedelta) -> str:
    return format_datetime(datetime.now(UTC) + apart, usegmt=True)


def test_a_clock_that_is_wrong_is_found() -> None:
    (found,) = clock_findings(dated(timedelta(minutes=4)))
    assert found.health is Health.ATTENTION
    assert "-240 seconds from the platform's" in Words().say(found.what) or "-239" in Words().say(found.what)
    assert list(clock_findings(dated(timedelta(seconds=5)))) == []
    assert list(clock_findings("")) == []


def test_a_check_that_fails_is_found_broken() -> None:
    class Failing:
        name = "failing"

        def findings(self) -> Iterable[Finding]:
            raise RuntimeError("no luck")

    (found,) = examined(Failing())
    assert (found.health, Words().say(found.what)) == (Health.BROKEN, "It cannot be checked: RuntimeError: no luck")
