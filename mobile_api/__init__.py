"""The door for phones: signing in, the one form, cases and ratings as JSON; the page behind a paper's QR."""
