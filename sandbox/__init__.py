"""The county's outside world on one machine: registers, e-licences and departments, all invented."""
