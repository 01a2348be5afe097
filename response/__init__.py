"""How the office answers: rules and their clocks, the lifecycle of a case, checks and figures."""
