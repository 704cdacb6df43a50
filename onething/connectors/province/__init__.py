"""The province's platform: the unified intake of cases and their steps, and the exchange of ratings."""
