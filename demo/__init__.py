"""The whole county on one machine: every process of it, and a birth gone through in a real browser."""
