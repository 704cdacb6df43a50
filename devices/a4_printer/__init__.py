"""The A4 printer: its port, the driver for any that speaks IPP, and a printer that is told to fail."""
