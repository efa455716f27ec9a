"""Follows things from picture to picture: who is the same, how fast, since when (docs/analysis.md)."""

from apps.videos.detectors.tracking.track import Track
from apps.videos.detectors.tracking.tracker import Habits, Tracker

__all__ = ["Habits", "Track", "Tracker"]
