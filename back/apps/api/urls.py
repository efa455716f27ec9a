from django.urls import path
from drf_spectacular.views import SpectacularSwaggerSplitView

from apps.api.accounts.views import MeView, SessionView, TokenView
from apps.api.health.views import LiveView, ReadyView
from apps.api.history.views import ConversationsView, ConversationView, FeedbackView, UsageView
from apps.api.views import PromptStreamView, PromptView
from apps.http.schema_view import SchemaView

urlpatterns = [
    path("prompt/", PromptView.as_view()),
    path("prompt/stream/", PromptStreamView.as_view()),
    path("conversations/", ConversationsView.as_view()),
    path("conversations/<uuid:conversation_id>/", ConversationView.as_view()),
    path("exchanges/<uuid:exchange_id>/feedback/", FeedbackView.as_view()),
    path("usage/", UsageView.as_view()),
    path("auth/token/", TokenView.as_view()),
    path("auth/session/", SessionView.as_view()),
    path("auth/me/", MeView.as_view()),
    path("health/live/", LiveView.as_view()),
    path("health/ready/", ReadyView.as_view()),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="schema")),
]
