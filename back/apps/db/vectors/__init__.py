"""Vectors of events: what the background writes, and what is nearest to one, by pgvector."""
