from django.urls import path

from apps.videos.catalog.views import SharesView, ShareView, VideosView, VideoView
from apps.videos.events.views import EventsView, EventView, TimelineView, VideoEventsView

urlpatterns = [
    path("videos/", VideosView.as_view()),
    path("videos/<int:video_id>/", VideoView.as_view()),
    path("videos/<int:video_id>/shares/", SharesView.as_view()),
    path("videos/<int:video_id>/shares/<str:username>/", ShareView.as_view()),
    path("videos/<int:video_id>/events/", VideoEventsView.as_view()),
    path("videos/<int:video_id>/timeline/", TimelineView.as_view()),
    path("events/", EventsView.as_view()),
    path("events/<int:event_id>/", EventView.as_view()),
]
