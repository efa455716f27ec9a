"""Claude looks at the pictures of a window and says what happens in them."""

from apps.videos.detectors.claude.detector import Claude
from apps.videos.detectors.claude.seeing import see_with

__all__ = ["Claude", "see_with"]
