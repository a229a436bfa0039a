"""`make fuzz`: one target for some seconds, guided by the code that is reached. What is found lies in build/fuzz/TARGET/.

An input that fails is kept as `crash-…`; run it again by `ARGS="command build/fuzz/command/crash-…"`. The corpus grows from run to run.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["adapters", "bot"]):
    from bot.command import COMMANDS
    from tests.fuzz.targets import TARGETS, corpus

LONGEST = 4_096


def main(arguments: list[str]) -> None:
    """Fuzz: TARGET SECONDS, or TARGET FILE to try one input."""
    name, what = arguments
    COMMANDS.load_all()
    folder = Path("build/fuzz") / name
    folder.mkdir(parents=True, exist_ok=True)
    if not what.isdigit():
        TARGETS[name](Path(what).read_bytes())
        return
    for known in corpus(name):
        (folder / f"known-{sha256(known).hexdigest()[:16]}").write_bytes(known[:LONGEST])
    options = [
        f"-max_total_time={what}",
        f"-max_len={LONGEST}",
        f"-artifact_prefix={folder}/",
        "-timeout=20",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(folder)], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
