"""Table models that fetch by pages."""
