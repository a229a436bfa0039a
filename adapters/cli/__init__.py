"""The commands of `wgbot`, one module each; `adapters.main` finds them by name and imports only the one that is run."""
