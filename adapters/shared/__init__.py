"""What several adapters need, below them: the writer, the relay, the clock, documents. No platform's own ways."""
