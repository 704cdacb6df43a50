"""How people at the console prove who they are: passwords, one-time codes, OpenID Connect."""
