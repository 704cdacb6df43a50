"""The e-licence service: whether a holder has a licence, and its identifier."""
