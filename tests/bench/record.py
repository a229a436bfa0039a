"""The record of a large body: exported whole, exported again when one group changed, and served by `wgbot run` beside it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from bot.domain.ids import GroupId
from storage.schema import prepare
from storage.store import SqlStore
from tests.bench.archive import DOCUMENTS, GROUPS, MEETINGS, Archive, one_more_document
from tests.bench.community import BENCH
from tests.bench.measuring import cpu_seconds
from tests.bench.programs import Program

SECONDS: Final = 20
REQUESTS_A_SECOND: Final = 50
MOST_BYTES: Final = 100_000
LANGUAGES: Final = "fr,ar"


def record(console: Console, folder: Path, rounds: int) -> None:
    """The archive is always the same one."""
    data = folder / "data"
    data.mkdir()
    url = f"sqlite:///{data / 'wgbot.db'}"
    prepare(url)
    with closing(SqlStore.open(url)) as store:
        Archive().fill(store)
    there = folder / "record"
    title = (
        f"The record of {GROUPS:,} groups, {MEETINGS:,} meetings, {DOCUMENTS:,} documents ({os.cpu_count()} processors)"
    )
    table = Table(title=title)
    for name in ("", "wall s", "CPU s", "wanted: wall s", "peak MiB"):
        table.add_column(name, justify="left" if not name else "right")

    def export(what: str, wanted: str, *options: str, to: Path = there) -> None:
        typed = ["site", "--database", url, "export", str(to), "--url", "https://record.example.org", *options]
        wall, cpu, resident = cpu_seconds([sys.executable, "-m", "adapters.main", *typed])
        table.add_row(what, f"{wall:.1f}", f"{cpu:.1f}", wanted, f"{resident / 1024:.0f}")

    export("all of it", "60")
    export("nothing changed", "")
    for number in range(rounds):
        with closing(SqlStore.open(url)) as store:
            one_more_document(store, GroupId("g1"), DOCUMENTS + number + 1)
        export("one group changed, the index of search aside", "2", "--keep-search")
    export("the index of search", "")
    several = folder / "several"
    export("all of it in three languages", "", "--languages", LANGUAGES, to=several)
    shutil.rmtree(several)
    console.print(table)
    sizes = {path.relative_to(there).as_posix(): path.stat().st_size for path in there.rglob("*.html")}
    longest = max(sizes, key=lambda each: sizes[each])
    console.print(
        f"{len(sizes):,} pages, {sum(sizes.values()) / len(sizes) / 1024:.0f} KiB in the middle; the longest is {longest}: "
        f"{sizes[longest]:,} bytes (wanted: under {MOST_BYTES:,}).\n"
    )
    _served(console, data, folder, [*sizes, *_others(there)])


def _others(there: Path) -> list[str]:
    """Some of what is no page."""
    return [
        path.relative_to(there).as_posix() for name in ("feeds/*.atom", "api/v1/*.json") for path in there.glob(name)
    ]


def _served(console: Console, data: Path, folder: Path, paths: Sequence[str]) -> None:
    listed = folder / "paths"
    listed.write_text("\n".join(paths))
    settings = {"WGBOT_DATA": str(data), "WGBOT_RECORD": BENCH, "WGBOT_HTTP_PORT": "0", "WGBOT_LOG": "ERROR"}
    table = Table(
        title=f"Served by wgbot run at {REQUESTS_A_SECOND} requests a second, from another process, for {SECONDS} s"
    )
    for name in ("what is asked for", "p50 ms", "p95 ms", "p99 ms", "wanted: p95 ms", "not answered", "CPU, of one"):
        table.add_column(name, justify="right" if name != "what is asked for" else "left")
    with Program(["adapters.main", "run"], folder / "run.log", settings) as program:
        for what, said, wanted in _ASKED:
            before = program.cpu()
            load = [sys.executable, "-m", "tests.bench.record_load", str(program.port), str(listed), what]
            done = subprocess.run(
                [*load, str(REQUESTS_A_SECOND), str(SECONDS)], capture_output=True, text=True, check=True
            )
            told = json.loads(done.stdout)
            table.add_row(
                said,
                *(f"{told[each]:.1f}" for each in ("p50", "p95", "p99")),
                wanted,
                f"{told['failed']}",
                f"{(program.cpu() - before) / SECONDS:.0%}",
            )
    console.print(table)


_ASKED: Final = (
    ("mixed", "as readers do, right after the start: the front page, groups, some pages more often than others", "20"),
    ("mixed", "the same, once much of it was asked for", "20"),
    ("any", "each page once, most of them never made before", ""),
)
