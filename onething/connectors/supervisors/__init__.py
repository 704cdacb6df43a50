"""Departments that supervise afterwards: each approval of theirs is sent to them once."""
