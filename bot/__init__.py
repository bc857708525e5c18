"""The bot: Rasa's pipeline and policies of our own, its door, and its short memory."""
