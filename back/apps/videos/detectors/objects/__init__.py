"""What is in a picture: people, vehicles and bags, found by an ONNX model (docs/analysis.md)."""

from apps.videos.detectors.objects.description import Description, DescriptionError, describe
from apps.videos.detectors.objects.found import BAG, PERSON, VEHICLE, Found

__all__ = ["BAG", "PERSON", "VEHICLE", "Description", "DescriptionError", "Found", "describe"]
