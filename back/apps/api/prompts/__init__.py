"""Prompts are templates in files, a folder for each version: docs/claude.md says how to make a new one."""

from apps.api.prompts.templates import NoSuchPrompt, render

__all__ = ["NoSuchPrompt", "render"]
