"""The kiosk's life in the fleet: enrolling, heartbeats, configuration, commands and keys."""
