"""Conversations, their exchanges, feedback on them, and what it all cost."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from pydantic import ConfigDict, Field, StringConstraints
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.api.asking.conversation import conversations_of
from apps.api.guard import RefusedSql, check
from apps.db.models import Conversation, EmbeddingDay, Exchange
from apps.http.auth import actor_of
from apps.http.body import Body, Query, Text, read_body, read_query
from apps.http.errors import InvalidInput, Problem
from apps.http.pages import SortKey, page_of
from apps.http.schema import query_parameters

LONGEST_SQL = 10_000


class ConversationOut(Body):
    id: str
    title: str
    video_id: int | None
    created_at: datetime
    updated_at: datetime


class ConversationPage(Body):
    next: str | None
    results: list[ConversationOut]


class ExchangeOut(Body):
    id: str
    prompt: str
    response: str
    kind: str
    outcome: str
    language: str
    video_id: int | None
    event_ids: list[int] = Field(description="The events that the answer rests on.")
    sql: str
    engine: str
    model: str
    fallback_reason: str
    verified: bool
    cached: bool
    feedback: str
    created_at: datetime


class ConversationWhole(ConversationOut):
    exchanges: list[ExchangeOut] = Field(description="Oldest first, the last 200.")


class Paging(Query):
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[Text, StringConstraints(max_length=500)] | None = None


class FeedbackIn(Body):
    model_config = ConfigDict(json_schema_extra={"example": {"feedback": "right"}})

    feedback: Literal["right", "wrong"]
    corrected_sql: Annotated[Text, StringConstraints(max_length=LONGEST_SQL)] = Field(
        default="", description="With `wrong`: SQL that would have answered; it must pass the guard."
    )


class UsageQuery(Query):
    from_: date | None = Field(default=None, alias="from", description="First day, UTC; default 30 days ago.")
    to: date | None = Field(default=None, description="Last day, UTC; default today.")


class UsageRow(Body):
    day: date
    user: str | None
    questions: int
    from_cache: int
    fallbacks: int
    failed: int
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cost_usd: float


class EmbeddingRow(Body):
    day: date
    model: str
    texts: int
    input_tokens: int
    cost_usd: float


class UsageReport(Body):
    budget_usd: float | None = Field(description="For a day, in all; null is no limit.")
    budget_per_user_usd: float | None
    results: list[UsageRow]
    embedding: list[EmbeddingRow] = Field(
        description="Of events, in the background, for the search by meaning; for staff."
    )


_CONVERSATION = ("id", "title", "video_id", "created_at", "updated_at")
_EXCHANGE = (
    "id", "prompt", "response", "kind", "outcome", "language", "video_id", "evidence", "sql", "engine",
    "model", "fallback_reason", "verified", "cached", "feedback", "created_at",
)  # fmt: skip


class ConversationsView(APIView):
    @extend_schema(
        operation_id="conversations_list",
        tags=["asking"],
        summary="Your conversations, the latest first",
        parameters=query_parameters(Paging),
        responses=ConversationPage,
    )
    def get(self, request: Request) -> Response:
        query = read_query(request, Paging)
        page = page_of(
            conversations_of(actor_of(request)),
            request=request,
            keys=[SortKey("updated_at", descending=True), SortKey("id", descending=True)],
            fields=_CONVERSATION,
            limit=query.limit,
            cursor=query.cursor,
        )
        return Response(page.body())


def _conversation(request: Request, conversation_id: str) -> Conversation:
    found = conversations_of(actor_of(request)).filter(pk=conversation_id).first()
    if found is None:
        raise exceptions.NotFound("There is no such conversation.")
    return found


class ConversationView(APIView):
    @extend_schema(
        operation_id="conversations_read",
        tags=["asking"],
        summary="One conversation with its questions and answers",
        responses=ConversationWhole,
    )
    def get(self, request: Request, conversation_id: str) -> Response:
        conversation = _conversation(request, conversation_id)
        latest = list(conversation.exchanges.order_by("-created_at", "-id").values(*_EXCHANGE)[:200])
        body = Conversation.objects.filter(pk=conversation.pk).values(*_CONVERSATION).get()
        return Response(body | {"exchanges": [_exchange_out(row) for row in reversed(latest)]})


def _exchange_out(row: dict[str, Any]) -> dict[str, Any]:
    row["event_ids"] = row.pop("evidence")
    return row


class FeedbackView(APIView):
    @extend_schema(
        operation_id="exchange_feedback",
        tags=["asking"],
        summary="Say whether an answer was right",
        description="Right answers, and corrections, become examples for your later questions.",
        request=FeedbackIn,
        responses=ExchangeOut,
    )
    def post(self, request: Request, exchange_id: str) -> Response:
        # The asker's alone: a verdict shapes what the model is told with the asker's later questions.
        exchange = Exchange.objects.filter(pk=exchange_id, owner=actor_of(request).user_id).first()
        if exchange is None:
            raise exceptions.NotFound("There is no such exchange.")
        body = read_body(request, FeedbackIn)
        if body.corrected_sql:
            if body.feedback == "right":
                problem = Problem("not_wanted", "A right answer needs no other SQL.", "corrected_sql")
                raise InvalidInput([problem])
            try:
                check(body.corrected_sql)
            except RefusedSql as refusal:
                raise InvalidInput([Problem("refused_sql", str(refusal), "corrected_sql")]) from refusal
        exchange.feedback, exchange.corrected_sql = body.feedback, body.corrected_sql
        exchange.save(update_fields=["feedback", "corrected_sql"])
        return Response(_exchange_out(Exchange.objects.filter(pk=exchange.pk).values(*_EXCHANGE).get()))


class UsageView(APIView):
    @extend_schema(
        operation_id="usage",
        tags=["asking"],
        summary="Questions, tokens and cost per day and user",
        description="Your own; for staff, everybody's.",
        parameters=query_parameters(UsageQuery),
        responses=UsageReport,
    )
    def get(self, request: Request) -> Response:
        query = read_query(request, UsageQuery)
        actor = actor_of(request)
        today = timezone.now().date()
        first, last = query.from_ or today - timedelta(days=30), query.to or today
        if last < first or (last - first).days > 366:
            raise InvalidInput([Problem("invalid_span", "`to` lies 0 to 366 days after `from`.", "to")])
        exchanges = Exchange.objects.filter(created_at__date__gte=first, created_at__date__lte=last)
        if not actor.sees_all:
            exchanges = exchanges.filter(owner=actor.user_id)
        rows = (
            exchanges.annotate(day=TruncDate("created_at"))
            .values("day", "owner__username")
            .annotate(
                questions=Count("id"),
                from_cache=Count("id", filter=Q(cached=True)),
                fallbacks=Count("id", filter=~Q(fallback_reason="")),
                failed=Count("id", filter=Q(outcome__in=["failed", "abandoned"])),
                input_tokens=Sum("input_tokens"),
                output_tokens=Sum("output_tokens"),
                cache_read_tokens=Sum("cache_read_tokens"),
                cost_usd=Sum("cost_usd"),
            )
            .order_by("day", "owner__username")
        )
        return Response(
            {
                "budget_usd": _dollars(settings.PROMPT_DAILY_BUDGET_USD),
                "budget_per_user_usd": _dollars(settings.PROMPT_DAILY_BUDGET_PER_USER_USD),
                "results": [_usage_out(dict(row)) for row in rows],
                "embedding": _embedding(first, last) if actor.sees_all else [],
            }
        )


def _usage_out(row: dict[str, Any]) -> dict[str, Any]:
    row["user"] = row.pop("owner__username")
    row["cost_usd"] = float(row["cost_usd"])
    return row


def _embedding(first: date, last: date) -> list[dict[str, Any]]:
    days = EmbeddingDay.objects.filter(day__gte=first, day__lte=last).select_related("model")
    return [
        {
            "day": day.day,
            "model": day.model.name,
            "texts": day.texts,
            "input_tokens": day.input_tokens,
            "cost_usd": float(day.cost_usd),
        }
        for day in days.order_by("day", "model__name")
    ]


def _dollars(amount) -> float | None:
    return None if amount is None else float(amount)
