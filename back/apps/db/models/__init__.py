from apps.db.models.analysis import Analysis
from apps.db.models.conversation import Conversation, Exchange
from apps.db.models.embedding import EmbeddedVideo, EmbeddingDay, EmbeddingModel, EventEmbedding
from apps.db.models.event import Event
from apps.db.models.presence import Presence, TrackSpan
from apps.db.models.retention import AuditLine, RetentionRule
from apps.db.models.upload import Upload
from apps.db.models.user import User
from apps.db.models.video import Video, VideoShare

__all__ = [
    "Analysis",
    "AuditLine",
    "Conversation",
    "EmbeddedVideo",
    "EmbeddingDay",
    "EmbeddingModel",
    "Event",
    "EventEmbedding",
    "Exchange",
    "Presence",
    "RetentionRule",
    "TrackSpan",
    "Upload",
    "User",
    "Video",
    "VideoShare",
]
