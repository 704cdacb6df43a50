"""What the doors share: gates and signatures, problems in two languages, the request log, documentation."""
