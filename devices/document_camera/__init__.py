"""Document cameras: a sheet laid under a camera, taken as a page."""
