"""A community's whole state as lines of JSON, written from one store and read into another: `wgbot export` and `import`.

What a line means: `storage.transfer.lines`. Both ways go line by line: neither the community nor the file is ever held.
"""

from storage.transfer.giving import give
from storage.transfer.lines import FORMAT, Refused
from storage.transfer.taking import take

__all__ = ["FORMAT", "Refused", "give", "take"]
