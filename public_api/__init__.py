"""The door for everyone: guides, procedures, lists and news of the current catalog, without any sign-in."""
