"""The door for departments: signed call-backs about the parts they handle."""
