"""A service for the test of slow clients: says how many bytes it got, or sends as many as it is asked for."""

from collections.abc import Iterable
from typing import Any


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    asked = environ["QUERY_STRING"]
    if asked == "refused":
        start_response("413 Request Entity Too Large", [("Content-Length", "0")])
        return []
    if asked:
        start_response("200 OK", [("Content-Length", asked)])
        return [b"x" * int(asked)]
    got = len(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
    answer = str(got).encode()
    start_response("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]
