"""The pytest plugin that every test run loads first (see pyproject.toml)."""
