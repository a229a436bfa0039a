"""The secret that mail addresses are signed with: from a setting, else made on first use and kept in the data folder.

Several keys may stand in it, by spaces or lines. The first signs; all of them are believed: a new one is put in front, and
the old one taken out when nobody answers old mails any more.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from adapters.shared.sealing import PLAIN, Sealing

FILE: Final = "mail.key"
SHORTEST: Final = 20
"""Characters of a key: what people make up is shorter."""


class WeakKey(ValueError):
    """A key that can be guessed, or none; the message says what to do."""


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """Keys, the newest first. They are never shown."""

    all: tuple[bytes, ...]

    @classmethod
    def of(cls, text: str) -> Self:
        """The keys that a setting gives. Raises `WeakKey`."""
        keys = text.split()
        if not keys or any(len(each) < SHORTEST for each in keys):
            raise WeakKey(
                f"A key for mail addresses has at least {SHORTEST} characters. Make one: openssl rand -base64 30"
            )
        return cls(tuple(each.encode() for each in keys))

    @classmethod
    def kept(cls, folder: Path, sealing: Sealing = PLAIN) -> Self:
        """The keys of a data folder; made on first use, readable by their owner alone, and sealed where there
        is a key for that. Raises `WeakKey`, `OSError`, and as `Sealing.open`."""
        path = folder / FILE
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            made = path.with_name(f"{FILE}.{secrets.token_hex(8)}")
            with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(sealing.seal(secrets.token_urlsafe(32)) + "\n")
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(made, path)  # whole or not at all, and never over another process's
            except FileExistsError:
                pass
            finally:
                made.unlink()
        kept = path.read_text().split()
        anew = [sealing.anew(each) for each in kept]
        if anew != kept:
            _put(path, anew)
        return cls.of(" ".join(map(sealing.open, anew)))


def _put(path: Path, lines: list[str]) -> None:
    """Put other lines in the place of a file's, whole or not at all."""
    made = path.with_name(f"{FILE}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    made.replace(path)
