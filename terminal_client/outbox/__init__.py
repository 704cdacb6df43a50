"""What the kiosk has taken while the server was away: sealed, on the disk, and sent once."""
