"""What is kept of a person: giving all of it out, and erasing it. `wgbot person export` and `wgbot person erase`."""

from storage.erasure.erasing import Erased, NotErased, erase
from storage.erasure.given import kept_of
from storage.erasure.traces import Traces, traces_of

__all__ = ["Erased", "NotErased", "Traces", "erase", "kept_of", "traces_of"]
