"""The Node.js that runs what tests take from npm, and the folders tools/setup installs that into."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

_OLDEST = 22


def node() -> str:
    """A Node.js new enough: the one on PATH, or the one that tools/setup installed for want of it."""
    found = shutil.which("node")
    if found:
        version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
        number = re.match(r"v(\d+)", version)
        if number and int(number[1]) >= _OLDEST:
            return found
    installed = Path(sys.executable).parent / "node"
    if not installed.exists():
        raise LookupError("there is no Node.js: run tools/setup dev")
    return str(installed)


def installed(folder: Path) -> Path:
    """A folder's `node_modules`; LookupError when tools/setup has not been there."""
    modules = folder / "node_modules"
    if not modules.exists():
        raise LookupError(f"{modules} is missing: run tools/setup dev")
    return modules
