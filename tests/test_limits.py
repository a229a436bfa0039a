"""The limits that the documentation states are those there are."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

from adapters.shared.config import Installation
from adapters.shared.environment import variable

PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "threat-model.md"
ROW = re.compile(r"^\| [^|]+ \| ([\d,]+) \| `([\w.]+)` \|$", re.MULTILINE)


def limit(name: str) -> Any:
    settings = {variable(each): field.default for each, field in Installation.model_fields.items()}
    module, _, constant = name.rpartition(".")
    return settings[name] if not module else getattr(import_module(module), constant)


def test_every_limit_is_as_it_says() -> None:
    stated = {name: int(number.replace(",", "")) for number, name in ROW.findall(PAGE.read_text(encoding="utf-8"))}
    assert len(stated) > 10
    assert stated == {name: limit(name) for name in stated}
