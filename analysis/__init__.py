"""How articles become topics and concerns: pure; values in, values out."""
