"""Cases (办件): reading them, and the steps of their course, drafts and deadlines."""
