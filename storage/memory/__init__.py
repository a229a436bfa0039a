"""The store in memory: the ports' semantics without a database. For tests, dry runs and replaying an audit log.

It forgets everything when the process ends, and is otherwise held to the same contract as the databases.
"""

from storage.memory.store import MemoryReads, MemoryStore, MemoryUnitOfWork

__all__ = ["MemoryReads", "MemoryStore", "MemoryUnitOfWork"]
