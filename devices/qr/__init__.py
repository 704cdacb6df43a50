"""QR codes: reading the codes that a camera or a picture shows."""
