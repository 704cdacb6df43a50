"""Government registers: one record of one person or enterprise, asked for a purpose."""
