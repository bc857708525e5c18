"""Lets `python -m nachtlicht` do what the `nachtlicht` command does."""

from nachtlicht.cli import main

main()
