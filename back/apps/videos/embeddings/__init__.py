"""What events mean, as vectors, made in the background: for questions about scenes that no column holds."""
