"""The door for clerks, departments, supervisors, auditors, technicians, editors and administrators."""
