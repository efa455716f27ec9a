"""Scenes that no column holds, found by their meaning: for the stand-in, texts that share words are near."""

import logging
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.cache import cache

from apps.api.asking import similar
from apps.api.asking.similar import available
from apps.db.access import Actor
from apps.db.models import EmbeddedVideo, EmbeddingModel, Exchange, Video
from apps.videos.embeddings.embedding import embed_some
from llm.standin import Fail, Reply

from .conftest import plan

TITAN = "amazon.titan-embed-text-v2:0"
QUESTION = "파란 점퍼 입은 남성이 물건을 외투에 숨기는 장면 있어?"
MEANING = "파란 점퍼를 입은 남성이 물건을 외투에 숨김"
NOTHING = "SELECT e.* FROM db_event e WHERE e.description ILIKE '%청록%'"


@pytest.fixture
def scenes(transactional_db, llm_options, make_video, make_event):
    """An hour with a scene worth finding, much that is not, and the same scene in somebody else's video."""
    llm_options(bedrock_embedding_model=TITAN, embedding_dimensions=256)
    similar.forget_index()
    video = make_video(name="매장", analyzed_until=1200.0)
    scene = {"description": MEANING, "gender": "male", "age": 34, "location": "출구"}
    make_event(video, 754.0, "pick_item", **scene)
    make_event(video, 20.0, "vehicle_enter", description="흰색 승용차가 주차장에 들어옴")
    make_event(video, 30.0, "smoking", description="입구 밖에서 담배를 피움")
    for n in range(6):
        make_event(video, 100.0 + n, "motion")
    foreign = make_video(name="남의 매장", analyzed_until=1200.0)
    make_event(foreign, 5.0, "pick_item", **scene)
    while embed_some():
        pass
    yield video, foreign
    similar.forget_index()
    EmbeddingModel.objects.all().delete()


def says(claude, planned: dict, *texts: str) -> None:
    claude.say(Reply(data=planned), operation="Converse")
    claude.say(*(Reply(text=text) for text in texts), operation="ConverseStream")


def found_by_meaning(video: Video) -> int:
    return video.events.get(timestamp=754.0).pk


def texts_sent(claude) -> list[str]:
    return [r.body["inputText"] for r in claude.requests if r.operation == "InvokeModel"]


def prompts(claude, operation: str) -> list[str]:
    asked = [r.body["messages"][0]["content"] for r in claude.requests if r.operation == operation]
    return ["\n".join(block.get("text", "") for block in content) for content in asked]


def test_a_scene_is_found_by_its_meaning_and_told_as_similar(claude, ask, scenes):
    video, _ = scenes
    event = found_by_meaning(video)
    claude.forget()
    says(
        claude,
        plan("", meaning=MEANING),
        f"12분 34초[[e:{event}]]에 비슷한 장면이 있습니다. 남성이 물건을 외투에 숨겼습니다.",
    )
    reply = ask(QUESTION, video_id=video.pk).reply
    assert reply["engine"] == "bedrock"
    assert (reply["kind"], reply["verified"], reply["sql"]) == ("answer", True, None)
    assert [e["id"] for e in reply["events"]] == [event]
    assert (reply["event_id"], reply["timestamp"], reply["event_count"]) == (event, 754.0, 1)
    assert [c["event_id"] for c in reply["citations"]] == [event]
    assert [s["event_id"] for s in reply["similar"]] == [event]
    assert reply["similar"][0]["likeness"] > 0.3
    assert texts_sent(claude) == [MEANING]
    assert "There is a search by meaning" in prompts(claude, "Converse")[0]
    told = prompts(claude, "ConverseStream")[0]
    assert '"similar_in_meaning": [{"id": ' + str(event) in told
    assert '"all_can_be_found_by_meaning": true' in told
    assert told.count("움직임") <= 2  # what cameras say over and over is not shown over and over
    exchange = Exchange.objects.get()
    assert exchange.evidence == [event]
    assert exchange.input_tokens > 0


def test_what_the_sql_finds_and_what_is_similar_are_told_apart(claude, ask, scenes):
    video, _ = scenes
    event, smoking = found_by_meaning(video), video.events.get(event_type="smoking")
    sql = "SELECT e.* FROM db_event e WHERE e.event_type = 'smoking'"
    says(
        claude,
        plan(sql, intent="existence", meaning=MEANING),
        f"0분 30초[[e:{smoking.pk}]]에 흡연, 12분 34초[[e:{event}]]에 비슷한 장면이 있습니다.",
    )
    reply = ask(QUESTION, video_id=video.pk).reply
    assert reply["verified"]
    assert [e["id"] for e in reply["events"]] == [smoking.pk, event]
    assert [s["event_id"] for s in reply["similar"]] == [event]


def test_who_claims_that_it_is_certain_is_asked_again(claude, ask, scenes):
    video, _ = scenes
    event = found_by_meaning(video)
    claude.forget()
    says(
        claude,
        plan("", meaning=MEANING),
        f"네, 12분 34초[[e:{event}]]에 있었습니다.",
        f"12분 34초[[e:{event}]]에 비슷한 장면이 있습니다.",
    )
    reply = ask(QUESTION, video_id=video.pk).reply
    assert (reply["verified"], claude.unused) == (True, 0)
    assert "비슷한" in reply["response"]


@pytest.mark.parametrize("sql", ["", NOTHING])
def test_who_never_learns_it_is_spoken_for_by_sentences(claude, ask, scenes, sql):
    video, _ = scenes
    event = found_by_meaning(video)
    says(
        claude,
        plan(sql, intent="existence", meaning=MEANING),
        *[f"네, 12분 34초[[e:{event}]]에 틀림없이 있었습니다."] * 2,
    )
    reply = ask(QUESTION, video_id=video.pk).reply
    assert reply["verified"]
    assert "뜻이 비슷한 장면은 다음과 같습니다" in reply["response"]
    assert ("없" in reply["response"]) == bool(sql)
    assert event in [s["event_id"] for s in reply["similar"]]
    assert len(reply["similar"]) == 3
    said = reply["response"]
    assert all(said[c["start"] : c["end"]].endswith("초") for c in reply["citations"])


def test_none_of_them_may_fit(claude, ask, scenes):
    video, _ = scenes
    says(claude, plan("", meaning="우주선이 착륙함"), "그런 장면은 찾지 못했습니다.")
    reply = ask("우주선이 착륙하는 장면?", video_id=video.pk).reply
    assert reply["verified"]
    assert (reply["events"], reply["similar"], reply["event_id"]) == ([], [], None)


@pytest.mark.parametrize(("span", "there"), [({"from": 700, "to": 800}, True), ({"to": 600}, False)])
def test_the_span_of_the_question_holds(claude, ask, scenes, span, there):
    video, _ = scenes
    event = found_by_meaning(video)
    claude.forget()
    says(claude, plan("", meaning=MEANING, searched=span), "비슷한 장면을 찾지 못했습니다.")
    ask(QUESTION, video_id=video.pk)
    told = prompts(claude, "ConverseStream")[0]
    assert (f'{{"id": {event}, ' in told) == there


def test_what_belongs_to_somebody_else_is_not_found(claude, ask, scenes, make_user):
    video, foreign = scenes
    owner, other = make_user("owner"), make_user("other")
    Video.objects.filter(pk=video.pk).update(owner=owner)
    Video.objects.filter(pk=foreign.pk).update(owner=other)
    theirs = foreign.events.get().pk
    claude.forget()
    says(
        # All of it, and by name: neither gets a model beyond the asker's scope.
        claude,
        plan("", meaning=MEANING, searched={"videos": [foreign.pk]}),
        f"0분 5초[[e:{theirs}]]에 비슷한 장면이 있습니다.",
        f"0분 5초[[e:{theirs}]]에 비슷한 장면이 있습니다.",
    )
    reply = ask(QUESTION, actor=Actor.of(owner)).reply
    assert theirs not in [e["id"] for e in reply["events"]]
    assert "0분 5초" not in reply["response"]
    assert all(f'"id": {theirs},' not in told for told in prompts(claude, "ConverseStream"))


def test_a_question_without_a_meaning_pays_nothing_for_it(claude, ask, scenes):
    video, _ = scenes
    claude.forget()
    says(claude, plan(NOTHING, intent="existence"), "그런 이벤트는 없습니다.")
    reply = ask("청록색 옷?", video_id=video.pk).reply
    assert texts_sent(claude) == []
    assert reply["similar"] == []


@pytest.mark.parametrize("off", ["no model", "nothing embedded", "another model"])
def test_where_there_is_no_search_the_model_is_told_and_what_it_says_of_it_is_dropped(
    claude, ask, scenes, llm_options, off
):
    video, _ = scenes
    if off == "no model":
        llm_options(bedrock_embedding_model="")
    elif off == "another model":
        llm_options(bedrock_embedding_model="cohere.embed-v4:0", embedding_dimensions=None)
    else:
        EmbeddingModel.objects.all().delete()
    similar.forget_index()
    assert not available()
    claude.forget()
    says(claude, plan(NOTHING, intent="existence", meaning=MEANING), "그런 이벤트는 없습니다.")
    assert ask(QUESTION, video_id=video.pk).reply["verified"]
    assert texts_sent(claude) == []
    assert "There is no search by meaning" in prompts(claude, "Converse")[0]
    assert '"meaning": "' not in prompts(claude, "Converse")[0]


def test_a_search_that_fails_takes_nothing_away_from_the_sql(claude, ask, scenes, caplog):
    video, _ = scenes
    sql = "SELECT e.* FROM db_event e WHERE e.event_type = 'smoking'"
    smoking = video.events.get(event_type="smoking").pk
    claude.say(Fail(code="AccessDeniedException", status=403), operation="InvokeModel")
    says(
        claude,
        plan(sql, intent="existence", meaning=MEANING),
        f"네, 0분 30초[[e:{smoking}]]에 흡연이 있었습니다.",
    )
    with caplog.at_level(logging.WARNING):
        reply = ask(QUESTION, video_id=video.pk).reply
    assert (reply["engine"], reply["verified"], reply["similar"]) == ("bedrock", True, [])
    assert "search by meaning failed" in caplog.text


def test_where_it_was_all_there_was_the_offline_engine_answers(claude, ask, scenes, offline):
    video, _ = scenes
    claude.say(Fail(code="AccessDeniedException", status=403), operation="InvokeModel")
    says(claude, plan("", meaning=MEANING))
    reply = ask("도난 있었어?", video_id=video.pk).reply
    assert (reply["engine"], reply["fallback_reason"]) == ("text2sql", "similar_unavailable")


def test_an_answer_over_half_of_the_events_is_not_kept(claude, ask, scenes, settings, make_event):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    video, _ = scenes
    make_event(video, 900.0, "fall", description="새로 쓰러짐")  # without a vector yet
    event = found_by_meaning(video)

    def asked() -> dict:
        says(
            claude,
            plan("", meaning=MEANING),
            f"12분 34초[[e:{event}]]에 비슷한 장면이 있습니다.",
        )
        return ask(QUESTION, video_id=video.pk).reply

    assert not asked()["cached"]
    assert '"all_can_be_found_by_meaning": false' in prompts(claude, "ConverseStream")[-1]
    assert not asked()["cached"]
    while embed_some():
        pass
    assert EmbeddedVideo.objects.get(video_id=video.pk).events_version == _version(video)
    assert not asked()["cached"]
    assert ask(QUESTION, video_id=video.pk).reply["cached"]
    cache.clear()


def test_what_the_vector_of_a_question_cost_is_counted(claude, ask, scenes, settings):
    video, _ = scenes
    cost = {"inputTokens": 10, "outputTokens": 1}
    claude.say(Reply(data=plan("", meaning=MEANING), usage=cost), operation="Converse")
    claude.say(Reply(text="찾지 못했습니다.", usage=cost), operation="ConverseStream")
    usage = ask(QUESTION, video_id=video.pk).reply["usage"]
    assert usage["input_tokens"] > 20
    assert Decimal(str(usage["cost_usd"])) > Decimal("0.00003")


def test_the_prompt_offers_examples_of_it_only_where_it_is(scenes):
    from apps.api.bedrock_service.examples import examples_for

    with_it = examples_for(QUESTION)
    without = examples_for(QUESTION, by_meaning=False)
    assert any(example["reply"].get("meaning") for example in with_it)
    assert not any(example["reply"].get("meaning") for example in without)
    assert len(with_it) == len(without)


def test_another_length_of_vectors_is_not_compared(claude, ask, scenes, llm_options, settings):
    video, _ = scenes
    EmbeddingModel.objects.update(dimensions=128)
    similar.forget_index()
    sql = "SELECT e.* FROM db_event e WHERE e.event_type = 'smoking'"
    smoking = video.events.get(event_type="smoking").pk
    says(claude, plan(sql, intent="existence", meaning=MEANING), f"네, 0분 30초[[e:{smoking}]]에 있었습니다.")
    assert ask(QUESTION, video_id=video.pk).reply["similar"] == []
    settings.LLM = replace(settings.LLM, embedding_dimensions=512)
    assert not available()


def _version(video: Video) -> int:
    video.refresh_from_db()
    return video.events_version
