"""Adapters: what connects the core to chat platforms, the clock, and whoever runs it."""
