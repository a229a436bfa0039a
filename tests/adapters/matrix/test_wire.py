from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from adapters.matrix.errors import MatrixError, meaning
from adapters.matrix.wire import Wire
from adapters.shared.sending import RateLimited, Unreachable

Answer = Callable[[web.Request], web.Response]


def asked(answer: Answer, ask: Callable[[Wire], Coroutine[Any, Any, Any]]) -> Any:
    """What asking a server that answers so brings."""

    async def run() -> Any:
        async def handle(request: web.Request) -> web.Response:
            return answer(request)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", handle)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0]
        try:
            async with aiohttp.ClientSession() as session:
                return await ask(Wire(session, f"http://{host}:{port}/", "secret"))
        finally:
            await runner.cleanup()

    return asyncio.run(run())


def refused(answer: web.Response) -> MatrixError:
    with pytest.raises(MatrixError) as error:
        asked(lambda _: answer, lambda wire: wire.call("GET", "sync"))
    return error.value


def test_a_call_is_escaped_and_has_the_token() -> None:
    def echo(request: web.Request) -> web.Response:
        return web.json_response({"path": request.raw_path, "token": request.headers["Authorization"]})

    said = asked(echo, lambda wire: wire.call("GET", "directory", "room", "#a/b c:é", query={"x": "ü&"}))
    assert said == {
        "path": "/_matrix/client/v3/directory/room/%23a%2Fb%20c%3A%C3%A9?x=%C3%BC%26",
        "token": "Bearer secret",
    }


@pytest.mark.parametrize("text", ["<html>welcome</html>", "[]", "3", ""])
def test_a_success_that_is_none_is_no_answer(text: str) -> None:
    error = refused(web.Response(text=text))
    assert (error.status, error.code) == (200, "")
    assert isinstance(meaning(error), Unreachable)


def test_an_error_of_a_proxys_has_no_code() -> None:
    error = refused(web.Response(status=404, text="<html>nothing here</html>"))
    assert (error.status, error.code, error.retry_after_seconds) == (404, "", 0.0)
    assert isinstance(meaning(error), Unreachable)


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"Retry-After": "7"}, {"retry_after_ms": 100}, 7.0),
        ({}, {"retry_after_ms": 2500}, 2.5),
        ({"Retry-After": "Fri, 27 Nov 2026 07:28:00 GMT"}, {}, 5.0),
        ({}, {"retry_after_ms": "soon"}, 5.0),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], body: dict[str, Any], seconds: float) -> None:
    error = refused(web.json_response({"errcode": "M_LIMIT_EXCEEDED"} | body, status=429, headers=headers))
    meant = meaning(error)
    assert isinstance(meant, RateLimited)
    assert meant.retry_after_seconds == seconds


def test_a_file_larger_than_wanted_is_not_fetched_whole() -> None:
    def large(request: web.Request) -> web.Response:
        assert request.path == "/_matrix/client/v1/media/download/one/abc"
        return web.Response(body=b"x" * 1_000_000)

    assert len(asked(large, lambda wire: wire.download("mxc://one/abc", 10))) == 11


@pytest.mark.parametrize("uri", ["", "https://one/abc", "mxc://one", "mxc:///abc", "mxc://one/a/b"])
def test_an_address_that_is_none_is_not_asked_for(uri: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011 — its words are the address
        asked(lambda _: web.Response(), lambda wire: wire.download(uri, 10))
    assert str(error.value) == uri
