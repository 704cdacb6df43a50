"""What the kiosk can do while the server is away: show the guides, and take people's details."""
