"""Answers from rows alone, by sentences kept in files: the voice of the offline engine, and
what a person gets when a model's own words cannot be traced to the rows."""

from apps.api.phrase.markers import MarkerStripper, read_markers
from apps.api.phrase.reading import searched
from apps.api.phrase.templated import from_handbook, templated

__all__ = ["MarkerStripper", "from_handbook", "read_markers", "searched", "templated"]
