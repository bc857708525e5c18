"""Policies of our own: safety first, listening, and a way out of a form."""
