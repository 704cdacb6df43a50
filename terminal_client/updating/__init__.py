"""How a kiosk gets a newer program: verified by TUF, installed between two sittings, undone when unwell."""
