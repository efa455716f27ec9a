from django.urls import path

from apps.videos.analysis.views import AnalyzeView
from apps.videos.catalog.views import GivenView, SharesView, ShareView, VideosView, VideoView
from apps.videos.events.views import EventsView, EventView, TimelineView, VideoEventsView
from apps.videos.import_export.views import ExportView, ImportView
from apps.videos.playback.views import EventClipView, EventThumbnailView, VideoFileView, VideoThumbnailView
from apps.videos.retention.views import AccountRetentionView, VideoRetentionView
from apps.videos.upload.parts import PartsCompleteView, PartsUploadsView, PartsUploadView
from apps.videos.upload.tus import TusUploadsView, TusUploadView
from apps.videos.upload.views import UploadView

urlpatterns = [
    path("videos/", VideosView.as_view()),
    path("videos/<int:video_id>/", VideoView.as_view()),
    path("videos/<int:video_id>/shares/", SharesView.as_view()),
    path("videos/<int:video_id>/shares/<str:username>/", ShareView.as_view()),
    path("shares/<str:username>/", GivenView.as_view()),
    path("videos/<int:video_id>/events/", VideoEventsView.as_view()),
    path("videos/<int:video_id>/retention/", VideoRetentionView.as_view()),
    path("retention/", AccountRetentionView.as_view()),
    path("videos/<int:video_id>/export/", ExportView.as_view()),
    path("videos/<int:video_id>/import/", ImportView.as_view()),
    path("videos/<int:video_id>/timeline/", TimelineView.as_view()),
    path("videos/<int:video_id>/file/", VideoFileView.as_view()),
    path("videos/<int:video_id>/thumbnail/", VideoThumbnailView.as_view()),
    path("videos/<int:video_id>/analyze/", AnalyzeView.as_view()),
    path("uploads/tus/", TusUploadsView.as_view()),
    path("uploads/tus/<uuid:upload_id>/", TusUploadView.as_view()),
    path("uploads/parts/", PartsUploadsView.as_view()),
    path("uploads/parts/<uuid:upload_id>/", PartsUploadView.as_view()),
    path("uploads/parts/<uuid:upload_id>/complete/", PartsCompleteView.as_view()),
    path("uploads/<uuid:upload_id>/", UploadView.as_view()),
    path("events/", EventsView.as_view()),
    path("events/<int:event_id>/", EventView.as_view()),
    path("events/<int:event_id>/thumbnail/", EventThumbnailView.as_view()),
    path("events/<int:event_id>/clip/", EventClipView.as_view()),
]
