"""HTTP in, one verb, a schema out. No route holds a rule."""
