"""The receipt printers known by name: one file for each, in plain settings a technician can read."""
