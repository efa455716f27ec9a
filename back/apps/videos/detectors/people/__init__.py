"""People: who is there, followed from frame to frame, and what their coming and going means."""

from apps.videos.detectors.people.detector import People

__all__ = ["People"]
