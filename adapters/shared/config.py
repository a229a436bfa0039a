"""Installation: what an installation chooses, by environment variables that begin with `WGBOT_`.

What a community chooses is not here but in its own settings, by command. Read with pydantic alone: pydantic-settings
takes longer to import than all of wgbot's own code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from adapters.shared.environment import BY_FILE, DATA, PREFIX, SettingsError, is_address, said, variable

MOST_PORT: Final = 65_535


class Installation(BaseModel):
    """Every setting, with its default. The description of each is its documentation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: Path = Field(
        DATA,
        description="The folder for everything kept: database, rooms of the terminal, documents, logs.",
        examples=["var", "/var/lib/wgbot"],
    )
    database: str = Field(
        "",
        description="The database: sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME. Default: wgbot.db in the data folder.",
        examples=["sqlite:////var/lib/wgbot/wgbot.db", "postgresql://wgbot@localhost/wgbot"],
        repr=False,
    )

    sealing_key: str = Field(
        "",
        description="What tokens and keys on the disk are sealed with; several by spaces, the newest first. Default: they are not.",
        examples=["openssl rand -base64 32"],
        repr=False,
    )

    log: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "WARNING",
        description="What is logged: ERROR, WARNING, INFO or DEBUG and everything graver.",
        examples=["INFO"],
    )

    http_host: str = Field(
        "127.0.0.1",
        description="The address to listen on, where a platform sends requests. Behind a proxy that ends TLS: leave it.",
        examples=["127.0.0.1"],
    )
    http_port: int = Field(
        3000,
        ge=0,
        le=MOST_PORT,
        description="The port to listen on. Where no platform sends requests, health is told there only if this is set.",
        examples=["3000"],
    )
    public_url: str = Field(
        "",
        description="Where this installation is reached from outside, where it is: https://wg.example.org.",
        examples=["https://wg.example.org"],
    )

    account_burst: int = Field(
        60,
        ge=0,
        le=1_000_000,
        description="What one account may ask at once: commands, clicks, votes, mails. 0: as much as it likes.",
        examples=["60"],
    )
    account_per_second: float = Field(
        1.0, gt=0, le=1000, description="What one account may ask a second in the long run.", examples=["1"]
    )

    metrics: str = Field(
        "",
        description="Where figures for Prometheus are served, at /metrics: HOST:PORT, a PORT of this machine, or `http` for "
        "the port of everything else. Default: nowhere.",
        examples=["9464", "http"],
    )
    traces: str = Field(
        "",
        description="The OpenTelemetry collector that traces are sent to, by OTLP over HTTP. Default: none are made.",
        examples=["http://127.0.0.1:4318/v1/traces"],
    )

    record: str = Field(
        "",
        description="The community whose public record is served at /record/: its id. Default: none is served.",
        examples=["mag"],
    )

    record_languages: str = Field(
        "",
        description="The languages the public record is in beside the community's own, with commas between.",
        examples=["fr,ar"],
    )

    slack_bot_token: str = Field(
        "", description="Slack, one workspace: the bot token, xoxb-….", examples=["xoxb-…"], repr=False
    )
    slack_app_token: str = Field(
        "",
        description="Slack by Socket Mode, without a public address: the app-level token, xapp-….",
        examples=["xapp-…"],
        repr=False,
    )
    slack_signing_secret: str = Field(
        "", description="Slack by HTTP, at /slack/events: the signing secret.", examples=["8f74…"], repr=False
    )
    slack_client_id: str = Field(
        "", description="Slack, several workspaces by OAuth: the client id.", examples=["1234567890.1234567890"]
    )
    slack_client_secret: str = Field(
        "", description="Slack, several workspaces by OAuth: the client secret.", examples=["4b1f…"], repr=False
    )
    slack_sockets: int = Field(
        2, ge=1, le=10, description="Slack by Socket Mode: how many connections to hold.", examples=["2"]
    )
    slack_api: str = Field(
        "https://slack.com/api/",
        description="Where Slack's Web API is; for trying things out against something else.",
        examples=["https://slack.com/api/"],
    )

    @field_validator("log", mode="before")
    @classmethod
    def _any_case(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("database")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("it begins with neither sqlite:/// nor postgresql://")
        return value

    matrix_homeserver: str = Field(
        "", description="Matrix: the homeserver's address, https://matrix.example.org.", examples=["https://matrix.org"]
    )
    matrix_user: str = Field(
        "", description="Matrix: the bot's user, to log in once with its password.", examples=["@wg:example.org"]
    )
    matrix_password: str = Field(
        "", description="Matrix: its password; needed for the first login only.", examples=["…"], repr=False
    )
    matrix_token: str = Field(
        "", description="Matrix: an access token, instead of user and password.", examples=["syt_…"], repr=False
    )
    matrix_servers: str = Field(
        "",
        description="Matrix: servers whose people may invite the bot, by commas; * for any. Default: its own.",
        examples=["example.org, other.example"],
    )
    matrix_inviters: str = Field(
        "", description="Matrix: people of other servers who may invite it, by commas.", examples=["@a:other.example"]
    )

    mail_host: str = Field(
        "", description="Mail: the server that sends it (SMTP submission).", examples=["smtp.example.org"]
    )
    mail_port: int = Field(587, ge=1, le=65_535, description="Mail: its port.", examples=["587", "465"])
    mail_tls: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="Mail: how the connection is encrypted: starttls, tls from the first byte (port 465), or none.",
        examples=["starttls", "tls"],
    )
    mail_user: str = Field(
        "", description="Mail: the user to log in as, where the server asks for one.", examples=["wg"]
    )
    mail_password: str = Field("", description="Mail: the password.", examples=["…"], repr=False)
    mail_from: str = Field(
        "", description="Mail: the address it comes from; people see it.", examples=["wg@example.org"]
    )
    mail_domain: str = Field(
        "",
        description="Mail: the domain that answers and bounces come back to. Default: that of the address it comes from.",
        examples=["wg.example.org"],
    )
    mail_per_second: float = Field(
        5.0, gt=0, le=1000, description="Mail: how many messages a second the server is given at most.", examples=["5"]
    )

    mail_listen: str = Field(
        "",
        description="Mail: where to listen for answers (SMTP and LMTP), host:port or the path of a socket. Default: nowhere.",
        examples=["127.0.0.1:8024", "/run/wgbot/lmtp.sock"],
    )
    mail_largest: int = Field(
        5_000_000, ge=10_000, description="Mail: how large an answer may be, in bytes.", examples=["5000000"]
    )
    mail_key: str = Field(
        "",
        description="Mail: what addresses for answers are signed with; several by spaces, the newest first. Default: made, and "
        "kept in the data folder.",
        examples=["openssl rand -base64 30"],
        repr=False,
    )
    mail_trusted: str = Field(
        "",
        description="Mail: the name of the mail server whose findings on senders are believed (Authentication-Results).",
        examples=["mx.example.org"],
    )

    @field_validator("mail_listen")
    @classmethod
    def _a_place_to_listen(cls, value: str) -> str:
        if value and not re.fullmatch(r"/\S+|(?:[^\s:/]+|\[[0-9a-fA-F:.]+\]):\d{1,5}", value):
            raise ValueError("it is neither host:port nor the path of a socket")
        return value

    @field_validator("mail_from")
    @classmethod
    def _a_mail_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"[^\s@<>,]+@[^\s@<>,]+\.[^\s@<>,]+", value):
            raise ValueError("it is no mail address")
        return value

    @field_validator("mail_domain")
    @classmethod
    def _a_domain(cls, value: str) -> str:
        if value and not re.fullmatch(r"[^\s@<>,/]+\.[^\s@<>,/]+", value):
            raise ValueError("it is no domain")
        return value.lower()

    @field_validator("metrics")
    @classmethod
    def _a_place(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if value not in ("", "http") and not (
            port.isdecimal() and int(port) <= MOST_PORT and (host or ":" not in value)
        ):
            raise ValueError("it is no port, and no host with one")
        return value

    @field_validator("public_url", "slack_api", "matrix_homeserver", "traces")
    @classmethod
    def _an_address(cls, value: str) -> str:
        if value and not is_address(value):
            raise ValueError("it is no web address")
        return value

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """The settings an environment gives; an empty variable is one that is not set. Raises `SettingsError`."""
        given = {name: said(name, environment, secret=name in secrets()) for name in cls.model_fields}
        try:
            return cls.model_validate({name: value for name, value in given.items() if value})
        except ValidationError as error:
            raise SettingsError(_explained(error)) from None

    def secret_values(self) -> list[str]:
        """What is secret of it: for whoever sees to it that it is shown nowhere."""
        return [value for name in secrets() if (value := getattr(self, name))]


def secrets() -> list[str]:
    """The settings that hold something secret, which is never shown, and may lie in a file."""
    return [name for name, field in Installation.model_fields.items() if not field.repr]


def unknown(environment: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    """Variables with our prefix that mean nothing, each with the one it may have been meant for."""
    from bot.domain.names import nearest  # late: only slips of the pen need it

    known = [variable(name) for name in Installation.model_fields] + [variable(name) + BY_FILE for name in secrets()]
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            yield name, next(iter(nearest(name, known, limit=1)), None)


def _explained(error: ValidationError) -> str:
    lines = []
    for each in error.errors():
        name = str(each["loc"][0])
        examples = Installation.model_fields[name].examples or []
        why = each["msg"].removeprefix("Value error, ")
        # never the value: an address may hold a password
        lines.append(f"{variable(name)} cannot be used: {why}. For example: {' or '.join(map(str, examples))}.")
    return "\n".join(lines)
