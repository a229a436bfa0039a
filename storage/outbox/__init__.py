"""The outbox in SQL: how rows get in at a commit, and how the relay gets them out."""
