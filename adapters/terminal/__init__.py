"""The terminal as a chat platform: rooms that remember, people who speak in them, and a bot that answers."""
