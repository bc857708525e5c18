"""The web app: HTTP for the young person's widget and for the desk, and nothing else."""
