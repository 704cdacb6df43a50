"""The e-licence service: whether a holder has a licence, its identifier, and its file."""
