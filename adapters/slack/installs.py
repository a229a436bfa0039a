"""Many workspaces by OAuth: installations and states kept in a database, tokens renewed before they run out.

The SDK's SQLAlchemy stores keep them, in threads. They have a database connection of their own: beside the embedded
database a file of its own (two writers to one SQLite file would wait for each other), in PostgreSQL the same database.
Tokens are sealed where there is a key (`adapters.shared.sealing`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from copy import copy
from pathlib import Path
from typing import Any, Final, TypeVar

from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection, Engine, NullPool, and_, create_engine, inspect, or_, select, update
from sqlalchemy.exc import OperationalError

from adapters.shared.sealing import PLAIN, Sealing
from adapters.slack.manifest import INSTALL_PATH, REDIRECT_PATH
from adapters.slack.quiet import SDK_LOG
from adapters.slack.workspaces import Grant

T = TypeVar("T")
B = TypeVar("B", Bot, Installation)

RENEW_MINUTES: Final = 120
"""How long before it runs out a token is renewed; Slack's last twelve hours."""

STATE_SECONDS: Final = 600
FILE: Final = "slack.db"
TOKENS: Final = ("bot_token", "bot_refresh_token", "user_token", "user_refresh_token", "incoming_webhook_url")
"""What is sealed of an installation."""


def engine_for(database: str, folder: Path) -> Engine:
    """Where installations are kept, beside the database at an address ("" or SQLite: in a file of the data folder).

    Its errors and logs do not show what was to be written: tokens.
    """
    if database.startswith("postgresql"):
        address = database.replace("postgresql+psycopg://", "postgresql://").replace(
            "postgresql://", "postgresql+psycopg://", 1
        )
        return create_engine(address, pool_size=2, pool_pre_ping=True, hide_parameters=True)
    return create_engine(f"sqlite:///{folder / FILE}", poolclass=NullPool, hide_parameters=True)


def installed(database: str, folder: Path, client_id: str) -> list[Bot]:
    """The newest installation of every workspace, and of every organisation as a whole, its tokens as they are kept.

    It reads only, and makes nothing where there is nothing yet.
    """
    if not database.startswith("postgresql") and not (folder / FILE).exists():
        return []
    engine = engine_for(database, folder)
    try:
        store = SQLAlchemyInstallationStore(client_id, engine, logger=SDK_LOG)
        if not inspect(engine).has_table(store.bots.name):
            return []
        column = store.bots.c
        rows = (
            select(store.bots)
            .where(column.client_id == client_id, column.bot_token.is_not(None))
            .order_by(column.installed_at, column.id)
        )
        with engine.connect() as connection:
            bots = [store.build_bot_entity(row) for row in connection.execute(rows).mappings()]
    finally:
        engine.dispose()
    return list({bot.team_id or bot.enterprise_id: bot for bot in bots}.values())


class Installations(AsyncInstallationStore):
    """The SDK's own store, off the event loop; and the grants it holds."""

    def __init__(
        self,
        engine: Engine,
        client_id: str,
        client_secret: str,
        asking: AsyncWebClient,
        sealing: Sealing = PLAIN,
    ) -> None:
        self._sealing = sealing
        self._store = SQLAlchemyInstallationStore(client_id, engine, logger=SDK_LOG)
        self._rotator = AsyncTokenRotator(client_id=client_id, client_secret=client_secret, client=asking)
        self._renewing = asyncio.Lock()
        self._store.create_tables()  # type: ignore[no-untyped-call]  # the SDK's
        self._take_over()

    @property
    def logger(self) -> Any:
        """The SDK's."""
        return SDK_LOG

    async def async_save(self, installation: Installation) -> None:
        """Keep what an installation brought."""
        await _threaded(lambda: self._store.save(self._sealed(installation)))

    async def async_save_bot(self, bot: Bot) -> None:
        """Keep a renewed token."""
        await _threaded(lambda: self._store.save_bot(self._sealed(bot)))

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """The newest token of a workspace."""
        return await _threaded(
            lambda: self._opened(
                self._store.find_bot(
                    enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise_install
                )
            )
        )

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget the bot's tokens of a workspace."""
        await _threaded(lambda: self._store.delete_bot(enterprise_id=enterprise_id, team_id=team_id))

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Forget who installed it."""
        await _threaded(
            lambda: self._store.delete_installation(enterprise_id=enterprise_id, team_id=team_id, user_id=user_id)
        )

    async def find(self, team: str) -> Grant | None:
        """See `Grants`. A token about to run out is renewed first, by one at a time."""
        bot = await _threaded(lambda: self._bot_of(team))
        if bot is not None and bot.bot_refresh_token is not None:
            async with self._renewing:
                bot = await _threaded(lambda: self._bot_of(team)) or bot
                renewed = await self._rotator.perform_bot_token_rotation(
                    bot=bot, minutes_before_expiration=RENEW_MINUTES
                )
                if renewed is not None:
                    await self.async_save_bot(renewed)
                    bot = renewed
        return Grant(bot.bot_token, bot.bot_user_id or "", bot.bot_id or "") if bot is not None else None

    async def drop(self, team: str) -> None:
        """See `Grants`."""
        bot = await _threaded(lambda: self._bot_of(team))
        if bot is not None:
            await self.async_delete_all(enterprise_id=bot.enterprise_id, team_id=bot.team_id)

    def _bot_of(self, team: str) -> Bot | None:
        """The newest token of a workspace, alone or in an organisation, or of an organisation as a whole."""
        column = self._store.bots.c
        whole = and_(column.enterprise_id == team, column.team_id.is_(None))
        newest = (
            select(self._store.bots)
            .where(column.client_id == self._store.client_id, column.bot_token.is_not(None))
            .where(or_(column.team_id == team, whole))
            .order_by(column.installed_at.desc(), column.id.desc())
            .limit(1)
        )
        with self._store.engine.connect() as connection:
            found = connection.execute(newest).mappings().first()
        return self._opened(self._store.build_bot_entity(found)) if found is not None else None

    def _sealed(self, installed: B) -> B:
        made = copy(installed)
        for name in TOKENS:
            if value := getattr(made, name, None):
                setattr(made, name, self._sealing.seal(value))
        return made

    def _opened(self, bot: Bot | None) -> Bot | None:
        for name in TOKENS:
            if value := getattr(bot, name, None):
                setattr(bot, name, self._sealing.open(value))
        return bot

    def _take_over(self) -> None:
        """Seal what was kept without a key, or with an older one. Raises `SettingsError` where a key is missing."""
        changed = False
        for table in (self._store.bots, self._store.installations):
            names = [name for name in TOKENS if name in table.c]
            with self._store.engine.begin() as connection:
                if self._sealing.active and connection.dialect.name == "postgresql":
                    _widen(connection, table.name, names)
                for row in connection.execute(select(table.c.id, *(table.c[name] for name in names))).mappings().all():
                    kept = {name: row[name] for name in names if row[name]}
                    anew = {name: self._sealing.anew(value) for name, value in kept.items()}
                    if anew != kept:
                        connection.execute(update(table).where(table.c.id == row["id"]).values(anew))
                        changed = True
        if changed and self._store.engine.dialect.name == "sqlite":  # what was there before is not to stay in the file
            with self._store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM")


def _widen(connection: Connection, table: str, names: Sequence[str]) -> None:
    """Make room for what is sealed: the SDK's columns hold 200 characters, as many as a token has."""
    narrow = {each["name"] for each in inspect(connection).get_columns(table) if getattr(each["type"], "length", None)}
    for name in narrow.intersection(names):
        connection.exec_driver_sql(f"ALTER TABLE {table} ALTER COLUMN {name} TYPE text")


class States(AsyncOAuthStateStore):
    """The SDK's own store of OAuth states, off the event loop: each works once, for ten minutes."""

    def __init__(self, engine: Engine) -> None:
        self._store = SQLAlchemyOAuthStateStore(STATE_SECONDS, engine, logger=SDK_LOG)
        self._store.create_tables()  # type: ignore[no-untyped-call]  # the SDK's

    @property
    def logger(self) -> Any:
        """The SDK's."""
        return SDK_LOG

    async def async_issue(self, *args: Any, **kwargs: Any) -> str:
        """A new one."""
        return await _threaded(lambda: self._store.issue(*args, **kwargs))

    async def async_consume(self, state: str) -> bool:
        """Whether it was issued, and not used before."""
        return await _threaded(lambda: self._store.consume(state))


def oauth_flow(
    installations: Installations,
    states: States,
    *,
    client_id: str,
    client_secret: str,
    scopes: tuple[str, ...],
    public_url: str,
    client: AsyncWebClient,
) -> AsyncOAuthFlow:
    """Bolt's own flow: a page to install from, and where Slack sends people back to."""
    settings = AsyncOAuthSettings(
        client_id=client_id,
        client_secret=client_secret,
        scopes=list(scopes),
        redirect_uri=f"{public_url.rstrip('/')}{REDIRECT_PATH}",
        install_path=INSTALL_PATH,
        redirect_uri_path=REDIRECT_PATH,
        installation_store=installations,
        installation_store_bot_only=True,
        state_store=states,
        state_expiration_seconds=STATE_SECONDS,
        logger=SDK_LOG,
    )
    return AsyncOAuthFlow(client=client, settings=settings, logger=SDK_LOG)


async def _threaded(fn: Callable[[], T]) -> T:
    """What `fn` returns, off the event loop. A database that cannot be reached is as a Slack that cannot be: it is waited for."""
    try:
        return await asyncio.to_thread(fn)
    except OperationalError as error:
        raise ConnectionError("installations cannot be read or written") from error
