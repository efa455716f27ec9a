"""How a question becomes an answer: one file a step, in the order of pipeline.py."""
