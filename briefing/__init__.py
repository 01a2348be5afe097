"""How the office reports: facts once, then one file per format."""
