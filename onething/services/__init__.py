"""What people do, one module for each act; the world outside comes in through ports."""
