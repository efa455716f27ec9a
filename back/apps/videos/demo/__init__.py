"""Playable stand-ins for the demo's footage, drawn from its events."""

from apps.videos.demo.clip import content_key, demo_clip
from apps.videos.demo.scene import Scene, scene_of

__all__ = ["Scene", "content_key", "demo_clip", "scene_of"]
