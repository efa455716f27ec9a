from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.core.paginator import Paginator
from django.db import connection
from django.utils.functional import cached_property

from apps.db.models import (
    Analysis,
    AuditLine,
    Conversation,
    EmbeddingDay,
    EmbeddingModel,
    Event,
    Exchange,
    Presence,
    RetentionRule,
    TrackSpan,
    Upload,
    User,
    Video,
    VideoShare,
)

admin.site.site_header = "Playhead"
admin.site.site_title = "Playhead"
admin.site.register(User, UserAdmin)


LARGE = 100_000


class QuickPaginator(Paginator):
    """Of a large table that is shown whole, as many rows as the planner believes there are: counting millions
    for a page number would take longer than the page."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        if not rows.query.where:
            with connection.cursor() as cursor:
                table = rows.model._meta.db_table
                cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass(%s)", [table])
                [believed] = cursor.fetchone()
            if believed > LARGE:
                return int(believed)
        return super().count


class ShareInline(admin.TabularInline):
    model = VideoShare
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(Video)
class VideoAdmin(admin.ModelAdmin):
    list_display = ["name", "camera", "site", "status", "duration", "analyzed_until", "recorded_at", "owner"]
    list_filter = ["status", "site"]
    list_select_related = ["owner"]
    search_fields = ["name", "camera", "site"]
    autocomplete_fields = ["owner"]
    readonly_fields = [
        "events_version",
        "size",
        "sha256",
        "file_key",
        "content_type",
        "playback",
        "playback_file",
        "playback_type",
        "created_at",
        "updated_at",
    ]
    # Bytes come and go by upload and retention, never by this form.
    exclude = ["file"]
    inlines = [ShareInline]
    show_full_result_count = False

    @admin.display(description="file")
    def file_key(self, video):
        return str(video.file) or "-"


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    list_display = [
        "id",
        "video",
        "timestamp",
        "occurred_at",
        "event_type",
        "severity",
        "location",
        "track_id",
    ]
    list_filter = ["event_type", "severity", "gender"]
    list_select_related = ["video"]
    search_fields = ["description", "action_detected", "location", "track_id"]
    autocomplete_fields = ["video"]
    readonly_fields = ["severity", "occurred_at", "created_at", "updated_at"]
    paginator = QuickPaginator
    show_full_result_count = False


class ReadOnly(admin.ModelAdmin):
    """Looked at, not edited."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class OwnAlone(ReadOnly):
    """What somebody asked is theirs alone, staff included (docs/security.md)."""

    def get_queryset(self, request):
        return super().get_queryset(request).filter(owner=request.user)


@admin.register(Conversation)
class ConversationAdmin(OwnAlone):
    list_display = ["id", "title", "owner", "video", "updated_at"]
    list_select_related = ["owner", "video"]
    search_fields = ["title"]


@admin.register(Exchange)
class ExchangeAdmin(OwnAlone):
    list_display = [
        "created_at",
        "owner",
        "prompt",
        "outcome",
        "engine",
        "model",
        "verified",
        "cost_usd",
        "feedback",
    ]
    list_filter = ["outcome", "engine", "verified", "feedback"]
    list_select_related = ["owner"]
    search_fields = ["prompt"]
    paginator = QuickPaginator
    show_full_result_count = False


@admin.register(AuditLine)
class AuditLineAdmin(ReadOnly):
    list_display = ["at", "action", "video_id", "actor", "reason"]
    list_filter = ["action"]
    search_fields = ["actor", "video_id", "reason"]
    show_full_result_count = False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Analysis)
class AnalysisAdmin(ReadOnly):
    list_display = ["video", "state", "rate", "queued_at", "finished_at", "error"]
    list_filter = ["state"]
    list_select_related = ["video"]


@admin.register(Presence)
class PresenceAdmin(ReadOnly):
    list_display = ["id", "video", "source", "timestamp", "end_timestamp", "people", "tracks"]
    list_select_related = ["video"]
    paginator = QuickPaginator
    show_full_result_count = False


@admin.register(TrackSpan)
class TrackSpanAdmin(ReadOnly):
    list_display = ["id", "video", "kind", "track_id", "timestamp", "end_timestamp", "source"]
    list_filter = ["kind"]
    list_select_related = ["video"]
    paginator = QuickPaginator
    show_full_result_count = False


@admin.register(Upload)
class UploadAdmin(ReadOnly):
    list_display = ["id", "owner", "kind", "state", "received", "length", "created_at", "expires_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["owner"]


@admin.register(RetentionRule)
class RetentionRuleAdmin(admin.ModelAdmin):
    list_display = ["__str__", "file_days", "event_days", "updated_at"]
    autocomplete_fields = ["video", "account"]


@admin.register(EmbeddingModel)
class EmbeddingModelAdmin(ReadOnly):
    list_display = ["id", "name", "dimensions", "created_at"]


@admin.register(EmbeddingDay)
class EmbeddingDayAdmin(ReadOnly):
    list_display = ["day", "model", "texts", "input_tokens", "cost_usd"]
    list_select_related = ["model"]
