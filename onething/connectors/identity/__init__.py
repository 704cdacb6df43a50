"""How people prove who they are: staff by passwords, codes and OpenID Connect, phones by their providers."""
