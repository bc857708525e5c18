"""The action server: what the bot can only say by looking at the clock, the desk or the records."""
