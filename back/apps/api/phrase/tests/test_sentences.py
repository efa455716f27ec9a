"""The sentence tables: both languages say the same things, and a hole in a pattern is never left open."""

from string import Formatter

import pytest

from apps.api.phrase.kinds import KINDS
from apps.api.phrase.rich import MissingVariableError, Rich, cited, fill
from apps.api.phrase.sentences import MissingSentenceError, sentence, table
from apps.api.phrase.voices import VOICES
from text2sql.query import Intent


def test_every_language_has_the_same_sentences():
    tables = {code: set(table(code)) for code in VOICES}
    assert tables["ko"] == tables["en"]


def test_every_intent_of_the_offline_engine_has_an_answer():
    assert {intent.value for intent in Intent} <= set(KINDS)


@pytest.mark.parametrize("code", sorted(VOICES))
def test_every_pattern_is_well_formed(code):
    for key, pattern in table(code).items():
        for _, name, spec, _ in Formatter().parse(pattern):
            assert name is None or name.isidentifier(), key
            if spec:
                VOICES[code].inflect(Rich("1"), spec)


def test_a_missing_variable_raises():
    with pytest.raises(MissingVariableError, match="moment"):
        fill("{moment}에 있었습니다", {}, VOICES["ko"].inflect)


def test_a_missing_sentence_raises():
    with pytest.raises(MissingSentenceError):
        sentence("ko", "existence.perhaps")


def test_marks_move_with_the_text_around_them():
    told = fill(
        "네, {moment}에 {event:이/가}", {"moment": cited("5초", 7), "event": "도난"}, VOICES["ko"].inflect
    )
    assert told.text == "네, 5초에 도난이"
    (mark,) = told.marks
    assert told.text[mark.start : mark.end] == "5초"
