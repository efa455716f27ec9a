"""What a camera's videos have in common."""

from typing import Any

from apps.db.models import Video


def zones_of_camera(owner_id: int | None, *, camera: str, site: str) -> list[dict[str, Any]]:
    """Those of the owner's latest video of the camera that has any: zones are drawn once for each camera."""
    if not camera:
        return []
    videos = Video.objects.filter(owner_id=owner_id, camera=camera, site=site).exclude(zones=[])
    zones = videos.order_by("-created_at", "-pk").values_list("zones", flat=True).first()
    return list(zones or [])
