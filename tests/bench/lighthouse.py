"""What Lighthouse says of the record as `wgbot run` serves it: the front page and a group's, on its telephone with slow lines."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from adapters.shared.http import Listening, application, server
from adapters.web.serving import UNDER, Record
from tests.builders import MAG
from tests.scenarios.a_year import Year
from tests.scenarios.a_year_ends import a_minority_view_travels
from tests.scenarios.test_a_year import ACTS
from tests.support.browser.chromium import NODE, QUIETLY, chromium
from tests.support.node import installed, node
from tests.support.processes import free_port

CATEGORIES: Final = ("performance", "accessibility", "best-practices", "seo")
PAGES: Final = ("index.html", "groups/wg-hyb-igf-2027.html")
WANTED: Final = 95
_PATIENCE: Final = 180.0
"""Seconds for one look."""


def lighthouse(console: Console, rounds: int) -> None:
    """Medians of the rounds, of 100; what costs a point is named below."""
    table = Table(title=f"Lighthouse of the record, served by wgbot; median of {rounds}, of 100; wanted: {WANTED}")
    for name in ("page", *CATEGORIES, "largest contentful paint ms", "bytes"):
        table.add_column(name, justify="left" if name == "page" else "right")
    wanting: set[str] = set()
    with _served() as address:
        for page in PAGES:
            looks = [_look(f"{address}/{page}") for _ in range(rounds)]
            table.add_row(
                page,
                *(f"{_middle(look['categories'][each]['score'] * 100 for look in looks):.0f}" for each in CATEGORIES),
                f"{_middle(look['audits']['largest-contentful-paint']['numericValue'] for look in looks):,.0f}",
                f"{_middle(look['audits']['total-byte-weight']['numericValue'] for look in looks):,.0f}",
            )
            wanting |= {f"{page}: {fault}" for look in looks for fault in _faults(look)}
    console.print(table)
    for fault in sorted(wanting):
        console.print(f"  {fault}")
    console.print()


def _middle(values: Iterator[float]) -> float:
    return statistics.median(values)


def _look(address: str) -> dict[str, Any]:
    """One look at a page: Lighthouse's own report."""
    done = subprocess.run(
        [
            node(), installed(NODE) / "lighthouse" / "cli" / "index.js", address, "--output=json", "--quiet",
            f"--only-categories={','.join(CATEGORIES)}", "--no-enable-error-reporting",
            f"--chrome-flags=--headless=new {' '.join(QUIETLY)}",
        ],
        env={**os.environ, "CHROME_PATH": chromium()},
        capture_output=True,
        check=False,
        timeout=_PATIENCE,
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"lighthouse: {done.stderr.decode(errors='replace')[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _faults(look: dict[str, Any]) -> Iterator[str]:
    """What counts in a score and is not perfect."""
    for name in CATEGORIES:
        for counted in look["categories"][name]["auditRefs"]:
            audit = look["audits"][counted["id"]]
            if counted["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                yield f"{name}: {audit['title']}: {audit.get('displayValue', '')}".rstrip(": ")


@contextmanager
def _served() -> Iterator[str]:
    """Most of a year of the MAG, served with the headers of `wgbot run`."""
    mag = Year()
    for act in ACTS[: ACTS.index(a_minority_view_travels) + 1]:
        act(mag)
    port, ready = free_port(), Event()
    public = f"http://127.0.0.1:{port}"
    web = server(application(Record(mag.store, MAG, public).routes()), Listening(port=port))

    async def serve() -> None:
        serving = asyncio.create_task(web.serve())
        await web.listening.wait()
        ready.set()
        await serving

    thread = Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    ready.wait()
    try:
        yield f"{public}{UNDER}"
    finally:
        web.should_exit = True
        thread.join()
