"""`python -m terminal_client.cli`."""

from terminal_client.cli.main import main

raise SystemExit(main())
