"""What a set must keep to, so that a score on it means something. Each check yields its complaints."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from apps.evals.question_sets import COMPUTED, GOLD_KINDS, Gold, Question, QuestionSet
from semantics import VOCABULARY

CATEGORIES = frozenset(
    {
        "existence",
        "when",
        "list",
        "count_events",
        "time_range",
        "who",
        "order",
        "grouping",
        "count_persons",
        "extremes",
        "unanswerable",
        "negation",
        "cross_video",
        "followup",
        "sequence",
    }
)
# An engine that always says "nothing found" must not score.
LEAST_SHARE_WITH_ANSWER = 0.85
# A reply shows at most this many events; a larger gold could not be compared with one.
MOST_EVENTS = 100
RELATIVE_DAY = re.compile(
    r"오늘|어제|그제|어젯밤|이번 ?주|지난 ?주|\d+월 ?\d+일"
    r"|\b(today|yesterday|tonight|(this|last) (week|night))\b",
    re.IGNORECASE,
)


def data_problems(question_set: QuestionSet) -> Iterator[str]:
    videos = {video["id"]: video for video in question_set.videos}
    if len(question_set.events_by_id) != len(question_set.events):
        yield "events: an id is used twice"
    tracks: dict[tuple[int, str], tuple[int | None, str]] = {}
    for event in question_set.events:
        where = f"event {event['id']}"
        video = videos.get(event["video_id"])
        if video is None:
            yield f"{where}: no video {event['video_id']}"
            continue
        if event["event_type"] not in {t.code for t in VOCABULARY.event_types}:
            yield f"{where}: unknown type {event['event_type']}"
        if not 0 <= event["timestamp"] <= video["analyzed_until"]:
            yield f"{where}: outside the analysed part"
        end = event["end_timestamp"]
        if end is not None and not event["timestamp"] < end <= video["analyzed_until"]:
            yield f"{where}: ends before its start or outside the analysed part"
        if event["gender"] not in {gender.code for gender in VOCABULARY.genders}:
            yield f"{where}: unknown gender {event['gender']}"
        if not 0 <= event["confidence"] <= 1:
            yield f"{where}: confidence {event['confidence']}"
        if event["track_id"]:
            person = (event["age"], event["gender"])
            if tracks.setdefault((video["id"], event["track_id"]), person) != person:
                yield f"{where}: track {event['track_id']} changes age or gender"


def question_problems(question_set: QuestionSet) -> Iterator[str]:
    for id_, times in Counter(question.id for question in question_set.questions).items():
        if times > 1:
            yield f"{id_}: the id is used {times} times"
    asked = Counter((q.video_id, q.question, q.history, q.now) for q in question_set.questions)
    for (video_id, text, *_), times in asked.items():
        if times > 1:
            yield f"asked {times} times of video {video_id}: {text}"
    videos = {video["id"]: video for video in question_set.videos}
    for question in question_set.questions:
        for complaint in _one(question, videos):
            yield f"{question.id}: {complaint}"


def _one(question: Question, videos: Mapping[int, dict]) -> Iterator[str]:
    if question.gold not in GOLD_KINDS:
        yield f"unknown gold {question.gold!r}"
        return
    if question.category not in CATEGORIES:
        yield f"unknown category {question.category!r}"
    if question.lang not in {"ko", "en"} or question.difficulty not in {"easy", "medium", "hard"}:
        yield f"language {question.lang!r}, difficulty {question.difficulty!r}"
    if not question.question.strip():
        yield "empty question"
    if question.video_id is not None and question.video_id not in videos:
        yield f"no video {question.video_id}"
    if (question.category == "followup") != bool(question.history):
        yield "a follow-up has a history, and nothing else has"
    if RELATIVE_DAY.search(question.question) and not question.now and question.gold in COMPUTED:
        yield "a day counted from now, and no `now`"
    if (question.gold in COMPUTED) != bool(question.gold_sql):
        yield f"gold {question.gold} and its SQL do not belong together"
    if (question.gold == "value") != bool(question.evidence_sql):
        yield "evidence_sql belongs to a value, and every value has it"
    for sql in filter(None, (question.gold_sql, question.evidence_sql)):
        if question.video_id is not None and f"video_id = {question.video_id}" not in sql:
            yield f"the SQL is not held to video {question.video_id}"
        if re.search(r"\b(now|current_\w+|localtime\w*|random)\b\s*\(?", sql, re.IGNORECASE):
            yield "the SQL depends on the moment of running it"


def wholly_empty(question_set: QuestionSet, golds: Mapping[str, Gold]) -> Iterator[str]:
    wanted = [q for q in question_set.questions if q.gold in {"events", "value", "rows"}]
    full = 0
    for question in wanted:
        gold = golds[question.id]
        full += bool(gold.ids or gold.rows or gold.value)
        if len(gold.ids) > MOST_EVENTS:
            yield f"{question.id}: {len(gold.ids)} events, a reply shows {MOST_EVENTS}"
    if full < LEAST_SHARE_WITH_ANSWER * len(wanted):
        yield f"only {full} of {len(wanted)} answerable questions have an answer"
