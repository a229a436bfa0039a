"""Templates are compiled once, and what is kept of it holds in every language; where nothing can be kept, nothing fails."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import jinja2
import pytest
from jinja2 import Environment, nodes

from adapters.web import compiled
from adapters.web.rendering import TEMPLATES, compile_all


def test_what_was_compiled_is_read_again_and_another_version_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    compiles: list[Any] = []
    generate = Environment._generate

    def noted(*given: Any, **more: Any) -> Any:
        compiles.append(given)
        return generate(*given, **more)

    monkeypatch.setattr(Environment, "_generate", noted)
    compile_all(tmp_path / "kept")
    first = len(compiles)
    assert first >= len(set(TEMPLATES.values()))
    compile_all(tmp_path / "kept")
    assert len(compiles) == first
    monkeypatch.setattr(jinja2, "__version__", "another")
    compile_all(tmp_path / "kept")
    assert len(compiles) == 2 * first


@pytest.mark.parametrize("told", [True, False])
def test_where_nothing_can_be_kept_nothing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: bool) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", told)
    folder = tmp_path / "kept"
    if not told:
        folder.write_text("no folder")
    compile_all(folder)
    assert not folder.is_dir()


def test_no_template_has_anything_that_is_worked_out_while_compiling() -> None:
    """It would be in the language of whoever compiled it first."""
    there, constant = compiled.environment(str, {}), []
    assert there.loader is not None
    for name in there.list_templates(extensions=["html"]):
        source, _, _ = there.loader.get_source(there, name)
        for output in there.parse(source).find_all(nodes.Output):
            constant += [
                (name, each) for each in output.nodes if isinstance(each, nodes.Const | nodes.Filter) and _const(each)
            ]
    assert constant == []


def _const(node: nodes.Expr) -> bool:
    while isinstance(node, nodes.Filter) and node.node is not None:
        node = node.node
    return isinstance(node, nodes.Const)
