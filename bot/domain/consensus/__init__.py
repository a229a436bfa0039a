"""Consensus: positions, the rules that read them, windows and objections. The software assesses; people conclude."""
