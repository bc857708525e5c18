"""Nachtlicht: the service behind the front door of a Dutch helpline."""
