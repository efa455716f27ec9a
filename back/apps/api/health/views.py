from django.conf import settings
from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.api.health.outcome import OUTCOME
from apps.http.body import Body


class Live(Body):
    status: str
    version: str


class ProbeOut(Body):
    name: str
    ok: bool
    needed: bool = Field(description="Whether the service is not ready without it.")
    problem: str | None
    ms: float


class Ready(Body):
    status: str = Field(description="`ready` or `not_ready`.")
    version: str
    probes: list[ProbeOut]


class _Open(APIView):
    authentication_classes = []
    permission_classes = []
    throttle_classes = []


class LiveView(_Open):
    @extend_schema(
        operation_id="health_live",
        tags=["health"],
        summary="The process answers",
        responses=Live,
    )
    def get(self, request: Request) -> Response:
        return Response({"status": "live", "version": settings.VERSION})


class ReadyView(_Open):
    @extend_schema(
        operation_id="health_ready",
        tags=["health"],
        summary="Everything that answering needs is there",
        description="What was found is told again for two seconds.",
        responses={200: Ready, 503: Ready},
    )
    def get(self, request: Request) -> Response:
        looked = OUTCOME.probed()
        ready = all(probe["ok"] or not probe["needed"] for probe in looked)
        body = {"status": "ready" if ready else "not_ready", "version": settings.VERSION, "probes": looked}
        return Response(body, status=200 if ready else 503)
