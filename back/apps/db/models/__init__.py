from apps.db.models.conversation import Conversation, Exchange
from apps.db.models.event import Event
from apps.db.models.user import User
from apps.db.models.video import Video, VideoShare

__all__ = ["Conversation", "Event", "Exchange", "User", "Video", "VideoShare"]
