"""The program on the kiosk: its screens, its state machine, and its signed line to the server."""
