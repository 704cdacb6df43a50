"""The server: all doors over one set of ports, as gunicorn runs it."""
