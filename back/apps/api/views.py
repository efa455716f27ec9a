"""POST /api/prompt/ and its stream: check the request, delegate, reply."""

from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.api.asking.conversation import NoSuchConversation
from apps.api.asking.pipeline import Answer, Asked, CouldNotAnswer, ask, look_for
from apps.api.asking.running import ReaderAway
from apps.api.asking.scope import NoSuchVideo, TooManyVideos
from apps.api.asking.stream import as_server_sent_events
from apps.api.fields import PromptIn, PromptOut
from apps.http.auth import actor_of
from apps.http.body import read_body
from apps.http.errors import InvalidInput, Problem, Unavailable
from apps.http.json import JSONWhateverIsAccepted


def process_prompt_logic(question: Asked) -> dict[str, Any]:
    """From a question to the whole reply; the steps stand in apps/api/asking/pipeline.py."""
    for happening in ask(question, live=False):
        if isinstance(happening, Answer):
            return happening.reply
    raise AssertionError("a question ends with an answer or an exception")


def problem_of(error: Exception) -> exceptions.APIException:
    """What may go wrong with a question, as what a client is told."""
    match error:
        case NoSuchVideo():
            return exceptions.NotFound("There is no such video.")
        case NoSuchConversation():
            return exceptions.NotFound("There is no such conversation.")
        case TooManyVideos():
            detail = "More videos than can be asked about at once: choose one with video_id."
            return InvalidInput([Problem("too_many_videos", detail, "video_id")])
        case ReaderAway():
            return Unavailable()
        case CouldNotAnswer():
            return Unavailable("The question could not be answered just now. Try again in a moment.")
    raise error


EXPECTED = (NoSuchVideo, NoSuchConversation, TooManyVideos, ReaderAway, CouldNotAnswer)


def _asked(request: Request) -> Asked:
    body = read_body(request, PromptIn)
    return Asked(
        prompt=body.prompt,
        actor=actor_of(request),
        video_id=body.video_id,
        conversation_id=body.conversation_id,
        language=body.language,
        now=body.now,
    )


class PromptView(APIView):
    extra_error_codes = ("404",)

    @extend_schema(
        operation_id="prompt",
        tags=["asking"],
        summary="Ask a question about the events of your videos",
        request=PromptIn,
        responses=PromptOut,
    )
    def post(self, request: Request) -> Response:
        try:
            return Response(process_prompt_logic(_asked(request)))
        except EXPECTED as error:
            raise problem_of(error) from error


_EVENT = {
    "type": "object",
    "properties": {
        "event": {"type": "string", "enum": ["stage", "sql", "events", "delta", "answer", "error"]},
        "data": {"type": "string", "description": "JSON."},
    },
    "required": ["event", "data"],
}


class PromptStreamView(APIView):
    """Errors that are known before the first byte have their status; later ones are an `error` event."""

    content_negotiation_class = JSONWhateverIsAccepted
    extra_error_codes = ("404",)

    @extend_schema(
        operation_id="prompt_stream",
        tags=["asking"],
        summary="The same, as server-sent events while the answer is made",
        description=(
            "Events: `stage` {name}, `sql` {sql}, `events` {events, event_count}, `delta` {text, fresh} "
            "(text as it comes; `fresh` voids what came before), `answer` (the reply of /api/prompt/, which "
            "alone is authoritative), "
            "`error` (in the shape of every error). A comment every few seconds keeps the line open."
        ),
        request=PromptIn,
        responses={(200, "text/event-stream"): _EVENT},
    )
    def post(self, request: Request) -> StreamingHttpResponse:
        asked = _asked(request)
        try:
            look_for(asked)
        except EXPECTED as error:
            raise problem_of(error) from error
        response = StreamingHttpResponse(self._events(asked), content_type="text/event-stream; charset=utf-8")
        response["Cache-Control"] = "no-store"
        response["X-Accel-Buffering"] = "no"  # nginx would hold the events back
        return response

    def _events(self, asked: Asked) -> Iterator[bytes]:
        return as_server_sent_events(asked, problem_of=problem_of, expected=EXPECTED)
