"""One file for each step in the history of the tables, never changed once released."""
