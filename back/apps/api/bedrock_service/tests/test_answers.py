"""A question answered by Claude, from the prompt to the verified text."""

import pytest

from apps.api.asking.phrasing import Piece
from apps.api.bedrock_service.tests.conftest import plan
from apps.db.models import Exchange
from llm.standin import Reply

pytestmark = pytest.mark.django_db(transaction=True)


def thefts(video) -> str:
    return (
        f"SELECT e.* FROM db_event e WHERE e.video_id = {video.pk} AND e.event_type = 'theft' "
        "AND e.timestamp >= 600 AND e.timestamp <= 900 ORDER BY e.timestamp, e.id"
    )


@pytest.mark.parametrize(("live", "operation"), [(True, "ConverseStream"), (False, "Converse")])
def test_words_are_streamed_where_somebody_looks_on(claude, ask, shop, live, operation):
    first = shop.events.filter(event_type="theft").order_by("timestamp")[0]
    text = f"12분 30초[[e:{first.pk}]]에 도난이 있었습니다."
    claude.say(Reply(data=plan(thefts(shop))), Reply(text=text))
    told = ask("10분에서 15분 사이에 도난 사건이 있었나요?", video_id=shop.pk, live=live)
    assert [request.operation for request in claude.requests] == ["Converse", operation]
    assert told.reply["response"] == "12분 30초에 도난이 있었습니다."
    assert told.reply["verified"]
    assert told.reply["citations"]
    assert any(isinstance(step, Piece) for step in told.steps) == live


def test_the_first_try_is_good(claude, ask, shop):
    first, second = shop.events.filter(event_type="theft").order_by("timestamp")
    text = f"네, 12분 30초[[e:{first.pk}]]와 13분 40초[[e:{second.pk}]]에 도난이 있었습니다."
    claude.say(
        Reply(
            data=plan(thefts(shop), intent="existence", searched={"from": 600, "to": 900}),
            usage={"inputTokens": 1000, "outputTokens": 100, "cacheReadInputTokens": 5000},
        ),
        Reply(text=text, usage={"inputTokens": 400, "outputTokens": 50}),
    )
    reply = ask("10분에서 15분 사이에 도난 사건이 있었나요?", video_id=shop.pk).reply

    assert reply["response"] == "네, 12분 30초와 13분 40초에 도난이 있었습니다."
    assert reply["verified"]
    assert (reply["engine"], reply["fallback_reason"]) == ("bedrock", None)
    assert [event["id"] for event in reply["events"]] == [first.pk, second.pk]
    assert [c["event_id"] for c in reply["citations"]] == [first.pk, second.pk]
    assert [reply["response"][c["start"] : c["end"]] for c in reply["citations"]] == [
        "12분 30초",
        "13분 40초",
    ]
    assert reply["coverage"] == {"from": 600.0, "to": 900.0, "analyzed_until": 1200.0, "complete": True}
    # haiku 4.5: 1 in, 5 out, 0.10 read from the cache, per million
    assert reply["usage"] == {
        "input_tokens": 1400, "output_tokens": 150, "cache_read_tokens": 5000,
        "cost_usd": pytest.approx((1400 * 1 + 150 * 5 + 5000 * 0.10) / 1e6),
    }  # fmt: skip
    written = Exchange.objects.get()
    assert (written.engine, written.prompt_version, written.outcome) == ("bedrock", "v1", "answered")
    assert float(written.cost_usd) == pytest.approx(reply["usage"]["cost_usd"])
