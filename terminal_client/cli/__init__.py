"""The kiosk's command line: run it, enrol it, and look at how it is."""

from terminal_client.cli.main import main

__all__ = ["main"]
