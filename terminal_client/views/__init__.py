"""What the kiosk's own page asks of the kiosk's program."""
