"""Settings of an installation, from the environment: their defaults, and words for what cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.shared.config import Installation, SettingsError, unknown, variable


def test_without_any_variable_everything_is_under_var() -> None:
    settings = Installation.of({})
    assert settings.data == Path("var")
    assert settings.database == ""


def test_variables_are_read_and_empty_ones_are_not_set() -> None:
    settings = Installation.of({"WGBOT_DATA": "/srv/wgbot", "WGBOT_LOG": "info", "WGBOT_DATABASE": " ", "PATH": "/bin"})
    assert settings.data == Path("/srv/wgbot")
    assert settings.database == ""
    assert settings.log == "INFO"


@pytest.mark.parametrize(
    ("name", "value"),
    [("WGBOT_DATABASE", "mysql://root:secret@host/db"), ("WGBOT_LOG", "LOUD")],
)
def test_what_cannot_be_used_is_named_with_what_can_but_never_repeated(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Installation.of({name: value})
    assert name in str(caught.value)
    assert "For example" in str(caught.value)
    assert value not in str(caught.value)


def test_a_slip_of_the_pen_is_noticed() -> None:
    assert list(unknown({"WGBOT_DATBASE": "x", "WGBOT_DATA": "y", "HOME": "z"})) == [
        ("WGBOT_DATBASE", "WGBOT_DATABASE")
    ]


def test_every_setting_is_documented() -> None:
    for name, field in Installation.model_fields.items():
        assert field.description, variable(name)
        assert field.description.endswith("."), variable(name)
        assert field.examples, variable(name)
