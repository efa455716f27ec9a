"""From the typed query to SQL, through sqlglot's expression tree: no text is pasted."""
