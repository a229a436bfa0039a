"""The audit log: how events are written down, how they are chained, and how the chain is kept in SQL."""
