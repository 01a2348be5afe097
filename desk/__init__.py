"""The verbs of the office: the only place where store and logic meet."""
