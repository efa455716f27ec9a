"""How much work one question may make, counted in things and not in time: time is the bench's to measure."""

import random
from datetime import UTC, datetime

import pytest

from text2sql.engine import reply
from text2sql.reader.reader import Turn, _worth_reading
from text2sql.tests.reading import videos_of
from text2sql.videos import Video, brought_by
from text2sql.words.lexicon import LEXICON
from text2sql.words.segment import _add_morphemes, _edges
from text2sql.words.text import normalise

NOW = datetime(2026, 6, 10, tzinfo=UTC)
DICE = random.Random(11)
WORDS = sorted(LEXICON.korean)
SOUPS = [
    "불이납" * 133,
    "각목" * 200,
    "체크인" * 133,
    "개표구 " * 100,
    "10분에서 15분 사이 " * 33,
    "7" * 400,
    "도난있었어" * 80,
    "".join(chr(DICE.randint(0xAC00, 0xD7A3)) for _ in range(400)),
    "".join(DICE.choice(WORDS) for _ in range(200))[:400],
    " ".join(DICE.choice(WORDS) for _ in range(200))[:400],
]


@pytest.mark.parametrize("soup", SOUPS, ids=lambda soup: soup[:6])
def test_the_lattice_grows_with_the_characters_and_no_faster(soup: str) -> None:
    text = normalise(soup)
    brought = brought_by(videos_of("harbor"), text.said)
    edges = _edges(text, brought.names, brought.actions)
    _add_morphemes(text.said, edges)
    assert sum(map(len, edges)) <= 20 * len(text.low)


def test_of_a_question_that_is_too_long_only_the_beginning_is_read() -> None:
    found = reply(prompt="도난 있었어 " * 400, videos=videos_of("harbor"), chosen=81, now=NOW)
    assert found.reason
    assert found.reason.code == "too_long"
    assert found.query
    assert len(found.query.understood) < 200


def test_earlier_questions_are_read_again_up_to_a_number_of_characters() -> None:
    turns = [Turn("가" * size) for size in (200, 120, 90, 80)]
    assert [len(turn.prompt) for turn in _worth_reading(turns)] == [120, 90, 80]
    assert _worth_reading([Turn("가" * 301)]) == []


def test_of_ten_thousand_places_that_are_all_named_few_are_indexed() -> None:
    places = tuple(f"지하 {n}층 {n}구역 통로 끝" for n in range(10_000))
    brought = brought_by((Video(id=1, locations=places),), "지하 77층 구역 통로에서 도난")
    assert any(key.startswith("지하77층") for key in brought.places)  # the one with the most of the words
    assert sum(map(len, brought.places.values())) <= 5_000
    assert len(brought.names.korean) <= 5_000
