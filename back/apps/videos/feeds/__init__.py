"""Events from and for other systems, as dicts with the fields of an event (docs/analysis.md)."""

from apps.videos.feeds.aihub import read_aihub
from apps.videos.feeds.chapters import write_chapters
from apps.videos.feeds.errors import FeedError
from apps.videos.feeds.frigate import read_frigate
from apps.videos.feeds.kisa import read_kisa, write_kisa
from apps.videos.feeds.tables import write_json, write_spreadsheet

__all__ = [
    "FeedError",
    "read_aihub",
    "read_frigate",
    "read_kisa",
    "write_chapters",
    "write_json",
    "write_kisa",
    "write_spreadsheet",
]
