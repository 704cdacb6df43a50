"""Cameras: the newest frame of a device, a film or a network stream, and only when somebody looks."""
