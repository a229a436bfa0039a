"""The dashboard and the alerts ask for figures that there are, by labels that they have."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from starlette.responses import Response
from starlette.routing import Route

from adapters.shared.figures import Figures
from bot.command import COMMANDS
from bot.context import Request, Space
from bot.engine import Answer
from bot.outgoing import Lane, Outgoing, SendKind
from bot.text import T
from bot.view import Notice
from storage.memory import MemoryStore
from tests.builders import MAG

DOCKER = Path(__file__).parents[2] / "docker"
FROM_OUTSIDE = {"up", "process_resident_memory_bytes", "process_cpu_seconds_total"}
WORDS = {"by", "sum", "max", "min", "rate", "increase", "topk", "histogram_quantile"}


def expressions() -> Iterator[str]:
    for group in yaml.safe_load((DOCKER / "prometheus" / "alerts.yaml").read_text())["groups"]:
        for rule in group["rules"]:
            assert {"summary", "action"} == set(rule["annotations"]), rule["alert"]
            yield rule["expr"]
    for panel in json.loads((DOCKER / "grafana" / "dashboards" / "wgbot.json").read_text())["panels"]:
        for target in panel["targets"]:
            yield target["expr"]


@pytest.fixture(scope="module")
def given() -> dict[str, set[str]]:
    """Every series there is, with its labels, once everything has happened at least once."""
    COMMANDS.load_all()
    figures, store = Figures(), MemoryStore()
    asked = Request(MAG, Space("slack", "", ""), "list", "1", datetime.now(UTC))
    due = Request(MAG, Space("clock", "", ""), "due", "2", datetime.now(UTC), arguments={"kind": "x"}, system=True)
    refused = Answer(Notice(T("No.")), done=False, came_to="not now")
    figures.asked(asked, refused, 0.0, 0.1)
    figures.written([asked, due], [refused, ValueError()], 0.0, 0.1)
    row = Outgoing(MAG, "r", Lane("slack", "T1", "C1"), SendKind.POST, "", Notice(T("Hello.")), "", datetime.now(UTC))
    figures.sent(row, "arrived", 0.0, 0.1)
    figures.ignored("forged")
    with store.writing([]) as work:
        work.send(row)

    async def connected() -> bool:
        return True

    async def page() -> bytes:
        (route,) = figures.routes(store, {"slack": connected}, {"matrix": lambda: 1.0})
        assert isinstance(route, Route)
        shown: Response = await route.endpoint(None)
        return bytes(shown.body)

    text = asyncio.run(page()).decode()
    series: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            series.setdefault(sample.name, set()).update(sample.labels)
    return series


def test_every_figure_that_is_asked_for_is_there(given: dict[str, set[str]]) -> None:
    for expression in expressions():
        assert expression.count("(") == expression.count(")"), expression
        bare = re.sub(r'"[^"]*"|\[\w+\]', "", expression)
        names = set(re.findall(r"\b[a-z_]{2,}\b(?=\s*[{)\[>=*/+]|$)", re.sub(r"\{[^}]*\}|by \([^)]*\)", "", bare)))
        names -= WORDS
        assert names, expression
        assert names <= set(given) | FROM_OUTSIDE, expression
        labels = {each for part in re.findall(r"by \(([^)]*)\)", bare) for each in part.split(", ")}
        labels |= set(re.findall(r"(\w+)=~?", " ".join(re.findall(r"\{([^}]*)\}", bare))))
        known = set().union(*(given.get(name, set()) for name in names)) | {"job"}
        assert labels <= known, expression


def test_no_label_tells_of_anybody(given: dict[str, set[str]]) -> None:
    assert set().union(*given.values()) <= {"command", "outcome", "kind", "way", "platform", "le"}


def test_compose_finds_what_it_mounts() -> None:
    services: Any = yaml.safe_load((DOCKER / "compose.yaml").read_text())["services"]
    for name in ("prometheus", "grafana"):
        for mounted in services[name]["volumes"]:
            source = mounted.split(":")[0]
            assert not source.startswith(".") or any((DOCKER / source).iterdir()), mounted
    (rules,) = yaml.safe_load((DOCKER / "prometheus" / "prometheus.yaml").read_text())["rule_files"]
    assert (DOCKER / "prometheus" / rules).exists()
