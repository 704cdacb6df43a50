"""Departments' own systems: each is handed the parts that are its own."""
