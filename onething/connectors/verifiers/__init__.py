"""Verifiers: one more way of making sure who acts, found by name and never the only way."""
