"""What we talk about: values and pure rules, on the standard library alone."""
