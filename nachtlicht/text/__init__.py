"""Dutch text as it is typed, made comparable: folding, with a map back to what was typed."""
