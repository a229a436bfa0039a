"""The lock file beside a SQLite database: who writes to it. The operating system frees it when that process ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from storage.errors import DatabaseBusy


class LockFile:
    """Held from making it to `release`. Raises `DatabaseBusy`, with the holder's process id, when another holds it."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".lock")
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(self._file, 20).strip()
            os.close(self._file)
            raise DatabaseBusy(str(database), int(holder) if holder.isdigit() else None) from None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let another process write. The file stays: removing it would race with whoever opens it."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
