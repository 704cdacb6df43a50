"""Plain SELECTs behind lists and boards."""
