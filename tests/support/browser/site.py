"""A web server of other people's that hands out the files of a record in a sub-folder, with the headers that are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Final
from urllib.parse import urlsplit

from adapters.web.serving import headers_of, media_type

FOLDER: Final = "about/working-groups"


@contextmanager
def served(files: Mapping[str, bytes]) -> Iterator[str]:
    """The address of the folder."""

    class Files(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the server's own way to name it
            path = urlsplit(self.path).path.removeprefix(f"/{FOLDER}/")
            content = files.get(path or "index.html")
            self.send_response(404 if content is None else 200)
            for name, value in headers_of(path or "index.html").items():
                self.send_header(name, value)
            self.send_header("Content-Type", media_type(path or "index.html"))
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — its name in the standard library
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/{FOLDER}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
