"""From tokens to the typed query: one recogniser per file, each taking the tokens it understands."""
