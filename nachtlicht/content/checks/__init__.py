"""The checks: one module each, a function from the sources to what is wrong."""
