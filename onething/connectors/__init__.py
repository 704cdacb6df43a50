"""How the outside world is reached: registers, e-licences, departments, through the shared-data gateway."""
