"""schemathesis sends what the document allows, and what it does not, to every operation: never a 5xx, never a
status or a body that the document does not know."""

import copy
import json
import os

import requests
import schemathesis
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from apps.db.models import User

# A copy: schemathesis rewrites parts of what it is given in place.
document = copy.deepcopy(SchemaGenerator().get_schema(request=None, public=True))
# Not ready is a 503 on purpose; test_health.py looks at it.
schema = schemathesis.openapi.from_dict(document).exclude(path="/api/health/ready/")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@schemathesis.serializer("application/x-ndjson", "application/ndjson")
def ndjson(ctx: schemathesis.SerializationContext, value: object) -> bytes:
    return value.encode() if isinstance(value, str) else json.dumps(value).encode()


@schemathesis.serializer("application/offset+octet-stream")
def bytes_of_an_upload(ctx: schemathesis.SerializationContext, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def answer(case: schemathesis.Case, client: Client) -> Response:
    """The case as bytes on a wire, through Django's own handler, and back as what schemathesis reads."""
    request = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    body = request.body or b""
    headers = dict(request.headers)
    answered = client.generic(
        request.method,
        request.path_url,
        body.encode() if isinstance(body, str) else body,
        content_type=headers.pop("Content-Type", ""),
        headers=headers,
    )
    return Response(
        status_code=answered.status_code,
        headers={name.lower(): [value] for name, value in answered.headers.items()},
        content=b"".join(answered.streaming_content) if answered.streaming else answered.content,
        request=request,
        elapsed=0.0,
        verify=False,
    )


@schema.parametrize()
@hypothesis_settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "12")),
    deadline=None,
    # Other cases by hand: FUZZ_EXAMPLES=60 pytest … --hypothesis-seed=7
    derandomize="FUZZ_EXAMPLES" not in os.environ,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_an_operation_keeps_to_the_document(case, transactional_db, offline, settings):
    settings.READER_TIMEOUT_MS = 1000
    user, _ = User.objects.get_or_create(username="fuzzer", is_staff=True)
    client = Client(raise_request_exception=False)
    client.force_login(user)
    case.validate_response(answer(case, client), checks=CHECKS)
