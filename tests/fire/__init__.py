"""Replicas under fire: real processes killed while people work (`make fire`), and how much they take (`make load`, `make soak`)."""
