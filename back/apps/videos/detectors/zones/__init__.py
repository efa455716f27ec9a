"""Named parts of the picture: where something is, where people come and go, what is watched for there."""

from apps.videos.detectors.zones.reading import MOST_ZONES, zones_from
from apps.videos.detectors.zones.shape import Clock, Hours, Line, Zone, Zones

__all__ = ["MOST_ZONES", "Clock", "Hours", "Line", "Zone", "Zones", "zones_from"]
