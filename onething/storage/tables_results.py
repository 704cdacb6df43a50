"""Tables of results, ratings, disputes and data needs."""
