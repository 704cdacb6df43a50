"""The rules and the records of one thing, done once; nothing here knows Flask."""
