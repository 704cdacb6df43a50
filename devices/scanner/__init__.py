"""The page scanner: what the kiosk needs of one, and the driver for every SANE device."""
