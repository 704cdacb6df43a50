"""The command ``onething``: catalog, plan, databases, keys, terminals, server and worker."""
