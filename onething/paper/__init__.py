"""Takes in pages people scan or upload: judges them, decodes them in confinement, cleans them."""
