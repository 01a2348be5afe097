"""公开台账: the page of the registers, their form and their import."""
