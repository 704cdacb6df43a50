"""The door for clerks, departments, supervisors, technicians and editors: the staff console."""
