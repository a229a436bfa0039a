"""A whole installation in one file, taken while it works, and put back where there is none.

`take` copies the database as it is at one moment, and the data folder beside it; `put_back` writes it where nothing is, and
says so only once every byte is as it was. An export (`storage.transfer`) is one community, for another database; a backup is
everything, for the same kind of database.
"""

from storage.backup.archive import Backup, Damaged, Found
from storage.backup.putting import put_back
from storage.backup.taking import take

__all__ = ["Backup", "Damaged", "Found", "put_back", "take"]
