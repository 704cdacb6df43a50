"""The rules in plain Python: no clock, no database, no network."""
