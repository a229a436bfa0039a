"""What the servers that tests start have in common: a free port of this machine, and an end when their starter ends."""

from __future__ import annotations

import ctypes
import signal
import socket

_DEATH_SIGNAL = 1


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def interrupted_with_parent() -> None:
    """For `preexec_fn`: the child gets SIGINT when the thread that started it is gone."""
    ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGINT)


def killed_with_parent() -> None:
    """The same with SIGKILL, for a child that has nothing to put in order."""
    ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
