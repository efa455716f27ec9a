"""From pictures to events: detectors behind one small interface, run window by window (docs/analysis.md)."""

from apps.videos.detectors.analysis import AnalysisOptions, analyse
from apps.videos.detectors.events import DetectedEvent
from apps.videos.detectors.interface import Detector, See, Seen, Setup
from apps.videos.detectors.registry import DETECTORS, WITH_MODEL, build
from apps.videos.detectors.window import WindowResult
from apps.videos.detectors.zones import Zone, Zones, zones_from

__all__ = [
    "DETECTORS",
    "WITH_MODEL",
    "AnalysisOptions",
    "DetectedEvent",
    "Detector",
    "See",
    "Seen",
    "Setup",
    "WindowResult",
    "Zone",
    "Zones",
    "analyse",
    "build",
    "zones_from",
]
