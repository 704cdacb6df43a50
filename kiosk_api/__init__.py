"""The door for kiosks: a citizen's journey as resources, every request signed by the terminal."""
