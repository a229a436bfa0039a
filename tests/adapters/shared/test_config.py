"""Settings of an installation, from the environment: their defaults, and words for what cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.shared.config import Installation, secrets, unknown
from adapters.shared.environment import MOST_BYTES, SettingsError, variable


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


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("xoxb-of-the-file\n")
    settings = Installation.of({"WGBOT_SLACK_BOT_TOKEN_FILE": str(tmp_path / "token")})
    assert settings.slack_bot_token == "xoxb-of-the-file"


def test_the_database_may_lie_in_a_file_since_its_address_has_a_password(tmp_path: Path) -> None:
    (tmp_path / "database").write_text("postgresql://wgbot:secret@postgres/wgbot")
    settings = Installation.of({"WGBOT_DATABASE_FILE": str(tmp_path / "database")})
    assert settings.database == "postgresql://wgbot:secret@postgres/wgbot"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "No such file"),
        (b" \n", "is empty"),
        (b"\xff\xfe", "is not text"),
        (b"x" * (MOST_BYTES + 1), "too large"),
        (b"mysql://root:secret@host/db", "begins with neither"),
    ],
    ids=["missing", "empty", "binary", "large", "wrong"],
)
def test_a_file_that_is_no_secret_is_named_and_never_shown(tmp_path: Path, content: bytes | None, why: str) -> None:
    path = tmp_path / "database"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        Installation.of({"WGBOT_DATABASE_FILE": str(path)})
    assert "WGBOT_DATABASE" in str(caught.value)
    assert why in str(caught.value)
    assert "secret@host" not in str(caught.value)


def test_a_secret_is_given_once(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("xoxb-1")
    both = {"WGBOT_SLACK_BOT_TOKEN": "xoxb-2", "WGBOT_SLACK_BOT_TOKEN_FILE": str(tmp_path / "token")}
    with pytest.raises(SettingsError, match=r"both set.*unset one"):
        Installation.of(both)


def test_what_is_secret_is_never_in_the_words_for_all_settings() -> None:
    given = {variable(name): "postgresql://PLANTED" for name in secrets()}
    assert "PLANTED" not in repr(Installation.of(given))
    named = [name for name in Installation.model_fields if "token" in name or "secret" in name or "password" in name]
    assert set(named) <= set(secrets())


def test_a_file_is_for_secrets_only() -> None:
    assert [name for name, _ in unknown({"WGBOT_LOG_FILE": "x", "WGBOT_DATABASE_FILE": "y"})] == ["WGBOT_LOG_FILE"]


def test_a_slip_of_the_pen_is_noticed() -> None:
    assert list(unknown({"WGBOT_DATBASE": "x", "WGBOT_DATA": "y", "HOME": "z"})) == [
        ("WGBOT_DATBASE", "WGBOT_DATABASE")
    ]


def test_every_setting_is_documented() -> None:
    for name, field in Installation.model_fields.items():
        assert field.description, variable(name)
        assert field.description.endswith("."), variable(name)
        assert field.examples, variable(name)
