"""The Chromium that tests look at pages with: Debian's, without a window, driven by Playwright."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright

NODE: Final = Path(__file__).parent / "node"
"""Where what judges pages is installed."""

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")

QUIETLY: Final = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
"""It asks nobody for anything; tests of containers are root, for whom its sandbox does not start."""


def chromium() -> str:
    """Where it is. Raises `LookupError` when there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise LookupError("there is no chromium on PATH: run tools/setup dev as root, or install the package by hand")
    return found


@contextmanager
def browsing() -> Iterator[Browser]:
    """One browser. While it is there its thread has an event loop: no other may run in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(QUIETLY))
        try:
            yield browser
        finally:
            browser.close()
