"""How the office answers: rules and their clocks, the course of a case, the record."""
