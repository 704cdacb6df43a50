"""The technician's side of the kiosk: a room on its screen, what is tried there, and the report of it."""
