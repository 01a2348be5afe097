"""The demo: the feeds of 临江市, a fictional city, over ten days."""
