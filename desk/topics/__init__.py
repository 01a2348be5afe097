"""Topics (话题) and major events: what people look at and decide."""
