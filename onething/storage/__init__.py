"""What is kept: typed tables on two databases, sealed personal data, files, one unit of work for each act."""
