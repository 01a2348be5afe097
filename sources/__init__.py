"""How news comes in: one file per kind of source, all giving articles."""
