class EmbeddedError(Exception):
    """Why the embedded PostgreSQL cannot serve, in one line for the person who started it."""
