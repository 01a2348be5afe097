"""The small kit that every page is made of."""
