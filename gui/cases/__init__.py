"""关切 and 口径库: the page of a case with its tabs, clocks, forms and editor."""
