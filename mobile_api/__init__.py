"""The door for phones; so far the page behind the QR on the filled form and on the receipt."""
