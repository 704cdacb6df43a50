"""The kiosk's screens as a state machine: what was, and what happened, give what is and what to do."""
