"""A reply of the API, as lines for a terminal."""

from collections.abc import Iterator
from typing import Any

MOST_EVENTS = 20


def told(reply: dict[str, Any]) -> Iterator[str]:
    yield reply["response"]
    yield ""
    for event in reply["events"][:MOST_EVENTS]:
        yield _event(event)
    if (more := reply["event_count"] - min(len(reply["events"]), MOST_EVENTS)) > 0:
        yield f"  … {more} more"
    result = reply["result"]
    if result and "id" not in result["columns"]:
        yield "  " + " | ".join(result["columns"])
        for row in result["rows"][:MOST_EVENTS]:
            yield "  " + " | ".join("" if cell is None else str(cell) for cell in row)
    if reply["sql"]:
        yield f"SQL: {reply['sql']}"
    yield _engine(reply)


def _event(event: dict[str, Any]) -> str:
    minutes, seconds = divmod(int(event["timestamp"]), 60)
    told = [f"  {minutes:02}:{seconds:02}", event["event_type"], event["location"], event["description"]]
    return "  ".join(part for part in told if part) + f"  (video {event['video_id']}, event {event['id']})"


def _engine(reply: dict[str, Any]) -> str:
    usage = reply["usage"]
    parts = [reply["engine"] + (f" {reply['model']}" if reply["model"] else "")]
    if reply["fallback_reason"]:
        parts.append(f"instead of Bedrock: {reply['fallback_reason']}")
    parts.append("verified" if reply["verified"] else "NOT verified")
    if reply["cached"]:
        parts.append("from the cache")
    elif usage["input_tokens"]:
        cost = "unknown price" if usage["cost_usd"] is None else f"${usage['cost_usd']:.6f}"
        parts.append(f"{usage['input_tokens']} + {usage['output_tokens']} tokens, {cost}")
    parts.append(f"{reply['timings_ms']['total']:.0f} ms")
    return "Engine: " + "; ".join(parts)
