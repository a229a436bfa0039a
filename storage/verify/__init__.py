"""Verifying: that a log is what was logged, and that what is stored follows from it."""

from storage.verify.proof import Flaw, Problem, verify

__all__ = ["Flaw", "Problem", "verify"]
