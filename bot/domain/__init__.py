"""The domain: frozen records, events, and pure functions from what is and what is asked to what happens."""
