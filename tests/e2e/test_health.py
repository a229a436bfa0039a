"""`/health/live` and `/health/ready` of a service that runs."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from adapters.shared.readiness import FRESH_SECONDS
from tests.e2e.running import Running
from tests.support.processes import free_port

pytestmark = pytest.mark.slow

SLACK = {"WGBOT_SLACK_BOT_TOKEN": "xoxb-none", "WGBOT_SLACK_SIGNING_SECRET": "none"}


def asked(port: int, path: str) -> tuple[int, str]:
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_it_is_ready_with_its_database_and_its_platform(tmp_path: Path) -> None:
    port, figures = free_port(), free_port()
    service = Running(tmp_path, {**SLACK, "WGBOT_HTTP_PORT": str(port), "WGBOT_METRICS": str(figures)})
    service.start()
    try:
        assert asked(port, "/health/live") == (200, "ok")
        assert asked(port, "/health/ready") == (200, "ok")
        assert asked(port, "/metrics")[0] == 404, "only where it is asked for"
        status, said = asked(figures, "/metrics")
        assert status == 200
        assert 'wgbot_connected{platform="slack"} 1.0\n' in said
        assert "wgbot_database_up 1.0\n" in said
    finally:
        service.kill()


def test_it_is_not_ready_on_tables_of_an_older_version(tmp_path: Path) -> None:
    port = free_port()
    service = Running(tmp_path, {**SLACK, "WGBOT_HTTP_PORT": str(port)})
    service.start()
    try:
        assert asked(port, "/health/ready") == (200, "ok")
        with closing(sqlite3.connect(tmp_path / "wgbot.db")) as database, database:
            database.execute("UPDATE alembic_version SET version_num = '0001'")
        time.sleep(FRESH_SECONDS)
        assert asked(port, "/health/ready") == (503, "not ready: database\n")
    finally:
        service.kill()


def test_it_lives_but_is_not_ready_without_its_homeserver(tmp_path: Path) -> None:
    """In Matrix no requests come in, yet health is told where a port is named."""
    port, nobody = free_port(), free_port()
    matrix = {"HOMESERVER": f"http://127.0.0.1:{nobody}", "USER": "@wg:nowhere.example", "PASSWORD": "none"}
    settings = {f"WGBOT_MATRIX_{name}": value for name, value in matrix.items()}
    service = Running(tmp_path, {**settings, "WGBOT_HTTP_PORT": str(port)})
    service.start()
    try:
        assert asked(port, "/health/live") == (200, "ok")
        assert asked(port, "/health/ready") == (503, "not ready: matrix\n")
    finally:
        service.kill()
