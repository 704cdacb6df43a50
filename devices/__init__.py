"""The things wired to a kiosk: what each must do, what its wire says, and a simulator of each."""
