"""Events get vectors in the background: each once, anew when it says something else, within a budget."""

import os
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils import timezone

from apps.db.models import EmbeddedVideo, EmbeddingDay, EmbeddingModel, Event, EventEmbedding
from apps.db.vectors import pgvector, writing
from apps.jobs import lane
from apps.jobs.queue import EVERY_LANE, HEAVY_LANE, LIGHT_LANE
from apps.videos.embeddings import embedding
from apps.videos.embeddings.embedding import embed_if_due, embed_some
from llm.options import from_env
from llm.standin import Fail


def all_of_it() -> int:
    total = 0
    while done := embed_some():
        total += done
    return total


def texts(standin) -> list[str]:
    return [request.body["inputText"] for request in standin.requests]


@pytest.fixture
def shop(make_video, make_event):
    video = make_video()
    make_event(
        video, 60.0, "theft", description="파란 점퍼를 입은 남성이 물건을 외투에 숨김", gender="male", age=34
    )
    make_event(video, 90.0, "motion")
    make_event(video, 95.0, "motion")
    make_event(
        video, 120.0, "enter", location="입구", attributes={"clothing": {"upper": "blue jacket"}, "n": 3}
    )
    return video


@pytest.mark.django_db
class TestOnce:
    def test_every_event_gets_a_vector_and_what_says_the_same_is_paid_for_once(self, embeds, shop):
        assert all_of_it() == 4
        assert EventEmbedding.objects.count() == 4
        assert len(texts(embeds)) == 3
        assert any("파란 점퍼" in text and "도난" in text and "aged 34" in text for text in texts(embeds))
        assert not any("unknown" in text for text in texts(embeds))
        assert any("clothing" not in text and "upper: blue jacket" in text for text in texts(embeds))
        model = EmbeddingModel.objects.get()
        assert (model.name, model.requested, model.dimensions) == ("amazon.titan-embed-text-v2", 256, 256)
        assert EmbeddedVideo.objects.get().events_version == _version(shop)
        day = EmbeddingDay.objects.get()
        assert day.texts == 3
        assert day.input_tokens > 3
        assert day.cost_usd == Decimal(day.input_tokens) * Decimal("0.02") / 1_000_000

    def test_a_second_time_sends_nothing(self, embeds, shop):
        all_of_it()
        embeds.forget()
        assert all_of_it() == 0
        assert embeds.requests == []

    def test_a_new_event_alone_is_embedded(self, embeds, shop, make_event):
        all_of_it()
        embeds.forget()
        make_event(shop, 200.0, "fall", description="쓰러짐")
        make_event(shop, 210.0, "motion")  # as known
        assert all_of_it() == 2
        assert len(texts(embeds)) == 1

    @pytest.mark.parametrize(
        ("change", "anew"),
        [
            ({"description": "빨간 모자"}, 1),
            ({"event_type": "fight"}, 1),
            ({"attributes": {"clothing": "hat"}}, 1),
            ({"age": 20}, 1),
            ({"confidence": 0.5}, 0),
            ({"timestamp": 61.0}, 0),
        ],
    )
    def test_who_says_something_else_is_embedded_anew_whoever_changes_it(self, embeds, shop, change, anew):
        all_of_it()
        Event.objects.filter(event_type="theft").update(**change)
        assert EventEmbedding.objects.count() == 4 - anew
        assert all_of_it() == anew

    def test_vectors_go_with_their_events_and_videos(self, embeds, shop, make_video, make_event):
        make_event(make_video(name="other"), 5.0, "exit")
        all_of_it()
        Event.objects.filter(event_type="motion").delete()
        assert EventEmbedding.objects.count() == 3
        shop.delete()
        assert EventEmbedding.objects.count() == 1
        assert EmbeddedVideo.objects.count() == 1


@pytest.mark.django_db
class TestModels:
    def test_another_model_or_length_has_vectors_of_its_own(self, embeds, shop, settings):
        all_of_it()
        settings.LLM = replace(settings.LLM, embedding_dimensions=512)
        assert all_of_it() == 4
        assert sorted(m.dimensions for m in EmbeddingModel.objects.all()) == [256, 512]
        assert EventEmbedding.objects.count() == 8
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT indexdef FROM pg_indexes WHERE indexname ~ '^event_embedding_[0-9]+_nearest'"
            )
            made = [row[0] for row in cursor.fetchall()]
        assert len(made) == 2
        assert all("USING hnsw" in index and "WHERE (model_id = " in index for index in made)

    @pytest.mark.parametrize(
        "model", ["cohere.embed-multilingual-v3", "amazon.nova-2-multimodal-embeddings-v1:0"]
    )
    def test_batches_are_those_of_the_model(self, embeds, shop, settings, model):
        settings.LLM = replace(settings.LLM, bedrock_embedding_model=model, embedding_dimensions=None)
        assert all_of_it() == 4
        assert len(embeds.requests) == (1 if "cohere" in model else 3)
        if "cohere" in model:
            assert embeds.requests[0].body["input_type"] == "search_document"

    def test_a_model_that_changes_its_length_is_not_mixed(self, embeds, shop, caplog):
        EmbeddingModel.objects.create(name="amazon.titan-embed-text-v2", requested=256, dimensions=512)
        assert embed_if_due() is False
        assert EventEmbedding.objects.count() == 0
        assert "256 numbers and 512 before" in caplog.text


@pytest.mark.django_db
class TestWorker:
    @pytest.mark.parametrize(
        ("lane_", "embeds_it"), [(LIGHT_LANE, False), (HEAVY_LANE, True), (EVERY_LANE, True)]
    )
    def test_whoever_takes_short_jobs_does_not_wait_for_a_model(
        self, embeds, shop, lane_, embeds_it, monkeypatch
    ):
        monkeypatch.setattr(lane, "clean_up_if_due", lambda: None)
        monkeypatch.setattr(lane, "close_old_connections", lambda: None)
        assert lane._turn(lane_, SimpleNamespace(worker_id="here:1:00000001")) is embeds_it
        assert bool(embeds.requests) is embeds_it

    def test_another_provider_embeds_as_well(self, shop, settings, monkeypatch):
        from llm.tests.web_standin import Page, web

        vectors = [{"index": n, "object": "embedding", "embedding": [1.0, n, 0.0]} for n in range(3)]
        usage = {"prompt_tokens": 30, "total_tokens": 30}
        with web() as site:
            site.pages = [Page({"object": "list", "model": "m", "data": vectors, "usage": usage})]
            settings.USE_BEDROCK = True
            settings.LLM = from_env(
                {
                    "LLM_PROVIDER": "openai",
                    "LLM_BASE_URL": f"{site.url}/v1",
                    "LLM_EMBEDDING_MODEL": "nomic-embed-text",
                    "LLM_PRICES": '{"nomic-embed-text": {"input": 0}}',
                }
            )
            assert all_of_it() == 4
            assert site.paths == ["/v1/embeddings"]
            embedding._llm(os.getpid(), settings.LLM).close()
        assert EmbeddingModel.objects.get().dimensions == 3
        assert EmbeddingDay.objects.get().cost_usd == 0


@pytest.mark.django_db
class TestBounds:
    @pytest.mark.parametrize(
        "off", [{"USE_BEDROCK": False}, {"EMBEDDING_DAILY_BUDGET_USD": Decimal(0)}, {"model": ""}]
    )
    def test_nobody_is_asked_who_should_not_be(self, embeds, shop, settings, off):
        for name, value in off.items():
            if name == "model":
                settings.LLM = replace(settings.LLM, bedrock_embedding_model="")
            else:
                setattr(settings, name, value)
        assert embed_if_due() is False
        assert embeds.requests == []

    def test_a_day_has_a_budget(self, embeds, shop, settings, monkeypatch, make_event):
        settings.EMBEDDING_DAILY_BUDGET_USD = Decimal("0.0000001")
        monkeypatch.setattr(embedding, "TEXTS", 1)
        assert all_of_it() < 4
        spent = len(embeds.requests)
        assert all_of_it() == 0
        EmbeddingDay.objects.update(day=timezone.now().date() - timedelta(days=1))
        assert all_of_it() > 0
        assert len(embeds.requests) > spent

    def test_one_worker_at_a_time(self, embeds, shop):
        EmbeddingModel.objects.create(
            name="amazon.titan-embed-text-v2",
            requested=256,
            held_until=timezone.now() + timedelta(seconds=60),
        )
        assert embed_some() == 0
        EmbeddingModel.objects.update(held_until=timezone.now() - timedelta(seconds=1))
        assert embed_some() == 4  # of one that died the time runs out

    def test_a_failure_is_told_and_left_alone_for_a_while(self, embeds, shop, caplog):
        embeds.say(*[Fail(code="ThrottlingException", status=429)] * 3)
        assert embed_if_due() is False
        assert "could not be embedded: throttled" in caplog.text
        tried = len(embeds.requests)  # as often as chance's pauses between tries leave time for
        assert 1 <= tried <= 3
        assert embed_if_due() is False
        assert len(embeds.requests) == tried
        assert EmbeddingModel.objects.get().held_until <= timezone.now()

    def test_without_pgvector_nothing_is_paid_for(self, embeds, shop, monkeypatch, caplog):
        monkeypatch.setattr(pgvector, "pgvector", lambda cursor: None)
        assert embed_if_due() is False
        assert embeds.requests == []
        assert "CREATE EXTENSION vector" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_an_event_that_changes_meanwhile_is_left_for_the_next_time(embeds, shop):
    model = EmbeddingModel.objects.create(name="m", dimensions=2)
    events = writing.unembedded(model, shop.pk, most=10)
    changed = events[0]
    Event.objects.filter(pk=changed.id).update(confidence=0.3)
    vector = [1.0, 0.0]
    digest = embedding.digest_of("x")
    assert writing.write(model, [writing.Embedded(event, digest, vector) for event in events]) == 3
    assert [event.id for event in writing.unembedded(model, shop.pk, most=10)] == [changed.id]


def _version(video) -> int:
    video.refresh_from_db()
    return video.events_version
