import json
import logging

from config.logging import JsonFormatter, RequestIdFilter, request_id


def line_of(**extra) -> dict:
    record = logging.getLogger("x").makeRecord(
        "x", logging.INFO, __file__, 1, "said %s", ("한글",), None, extra=extra
    )
    token = request_id.set("abc")
    RequestIdFilter().filter(record)
    request_id.reset(token)
    return json.loads(JsonFormatter().format(record))


def test_a_line_is_json_with_the_request_and_what_was_added():
    line = line_of(tokens=12, outcome="answered", odd=object)
    assert (line["message"], line["request_id"], line["level"]) == ("said 한글", "abc", "INFO")
    assert (line["tokens"], line["outcome"]) == (12, "answered")
    assert isinstance(line["odd"], str)


def test_the_request_object_is_not_written():
    assert "request" not in line_of(request="POST body")
