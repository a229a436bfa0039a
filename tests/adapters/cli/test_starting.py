"""A command starts with its own module, and none of another command's: some run once a minute."""

from __future__ import annotations

import subprocess
import sys

import pytest

from adapters.main import COMMANDS

TOLD = (
    "import sys\n"
    "from adapters.main import main\n"
    "try: main(sys.argv[1:])\n"
    "except SystemExit: pass\n"
    "print(*sys.modules, file=sys.stderr)\n"
)


@pytest.mark.parametrize("typed", ["site export --help", "audit verify --help", "export --help", "--help"])
def test_a_command_loads_its_own_module_only(typed: str) -> None:
    arguments = typed.split()
    done = subprocess.run([sys.executable, "-c", TOLD, *arguments], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert {name for name in COMMANDS if f"adapters.cli.{name}" in loaded} == {arguments[0]} & COMMANDS.keys()
    if arguments[0] == "site":
        assert not loaded & {"pydantic", "sqlalchemy", "fpdf", "docx", "PIL"}
