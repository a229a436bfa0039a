"""Storage: remembers what the core decided. It implements `bot.ports` and knows no adapter."""
