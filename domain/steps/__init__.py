"""Steps: everything that people do to cases, drafts, topics, events, sources and settings, as values."""
