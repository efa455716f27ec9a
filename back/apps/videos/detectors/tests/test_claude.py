import json
from decimal import Decimal

import cv2
import numpy as np
import pytest
from jsonschema import Draft202012Validator

from apps.videos.detectors import Seen, Setup, zones_from
from apps.videos.detectors.claude import Claude, see_with
from apps.videos.detectors.claude.schema import SCHEMA
from apps.videos.detectors.merging import Merger
from apps.videos.detectors.window import Frame, Sighting, Window
from llm import LlmOptions, open_llm
from llm.memory import ModelMemory
from llm.standin import Fail, Reply
from semantics import VOCABULARY

MOVES = ((0.1, 0.1, 0.2, 0.4),)


def window(start=740.0, end=750.0, *, moving=MOVES, sightings=(), is_last=False):
    picture = np.full((360, 640, 3), 90, np.uint8)
    frames = tuple(Frame(start + n / 2, picture, moving) for n in range(round((end - start) * 2)))
    return Window(start, end, frames, is_last=is_last, sightings=sightings)


def said(**changes):
    return {
        "start": 745.0,
        "end": 749.0,
        "event_type": "theft",
        "person": "A",
        "action_ko": "가방에 넣기",
        "description_ko": "한 남성이 물건을 가방에 넣는다.",
        "description_en": "A man puts goods into his bag.",
        "location": "진열대",
        "age": 35,
        "age_confidence": 0.7,
        "gender": "male",
        "gender_confidence": 0.9,
        "confidence": 0.8,
        "box": [0.1, 0.1, 0.2, 0.4],
    } | changes


class Model:
    """Answers in turn, and remembers what it was shown."""

    def __init__(self, *answers, cost="0.01"):
        self.answers = list(answers)
        self.cost = None if cost is None else Decimal(cost)
        self.shown = []

    def __call__(self, pictures, instructions, schema):
        self.shown.append((pictures, instructions, schema))
        events = self.answers.pop(0) if self.answers else []
        assert not list(Draft202012Validator(schema).iter_errors({"events": events}))
        return Seen({"events": events}, self.cost)


def claude(model, **setup):
    return Claude(Setup(see=model, **setup))


def test_what_is_seen_becomes_an_event():
    (event,) = claude(Model([said()])).look(window()).events
    assert (event.event_type, event.timestamp, event.end_timestamp) == ("theft", 745.0, 749.0)
    assert (event.age, event.gender, event.confidence, event.location) == (35, "male", 0.8, "진열대")
    assert event.description == "한 남성이 물건을 가방에 넣는다."
    assert event.attributes["description_en"] == "A man puts goods into his bag."
    assert event.source == "claude"


def test_the_model_is_shown_few_small_pictures_and_told_what_counts():
    model = Model()
    claude(model, zones=zones_from([{"name": "주류\n코너", "polygon": [[0, 0], [1, 0], [1, 1]]}])).look(
        window()
    )
    ((pictures, instructions, _),) = model.shown
    assert len(pictures) == 6
    assert all(cv2.imdecode(np.frombuffer(jpeg, np.uint8), 1).shape[1] <= 640 for jpeg in pictures)
    assert "740.0, " in instructions
    assert "749.5" in instructions
    assert "Places: 주류 코너\n" in instructions
    assert all(f"- {event_type.code}: " in instructions for event_type in VOCABULARY.event_types)
    assert "$" not in instructions


def test_a_window_in_which_nothing_moves_is_not_paid_for():
    model = Model([said()])
    assert claude(model).look(window(moving=())).events == ()
    assert model.shown == []


def test_an_unsure_age_is_kept_but_not_counted():
    (event,) = claude(Model([said(age_confidence=0.3, gender_confidence=0.4)])).look(window()).events
    assert (event.age, event.gender) == (None, "unknown")
    assert (event.attributes["age_estimate"], event.attributes["gender_estimate"]) == (35, "male")


@pytest.mark.parametrize(
    "entry",
    [
        {},
        "theft",
        {"event_type": "murder", "start": 745},
        said(start="745"),
        said(start=float("nan")),
        said(start=10.0),
        said(start=True),
    ],
)
def test_an_answer_that_makes_no_sense_is_left_out(entry):
    model = lambda *_: Seen({"events": [entry, said()]}, None)  # noqa: E731
    assert len(claude(model).look(window()).events) == 1


@pytest.mark.parametrize("data", [None, [], "no", {"events": None}, {"events": {"a": 1}}, {"other": []}])
def test_an_answer_of_another_shape_is_no_event(data):
    assert claude(lambda *_: Seen(data, None)).look(window()).events == ()


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"end": 9999.0}, "end_timestamp", 750.0),
        ({"end": 1.0}, "end_timestamp", None),
        ({"end": None}, "end_timestamp", None),
        ({"start": 739.5}, "timestamp", 740.0),
        ({"confidence": 7}, "confidence", 1.0),
        ({"age": -3}, "age", None),
        ({"age": 35.0}, "age", 35),
        ({"gender": "f"}, "gender", "unknown"),
        ({"box": [0.9, 0.9, 0.5, 0.5]}, "bbox", (0.9, 0.9, 0.1, 0.1)),
        ({"box": [1, 2, 3]}, "bbox", None),
        ({"box": [0.5, 0.5, 0, 0]}, "bbox", None),
        ({"action_ko": "가\0나"}, "action_detected", "가나"),
        ({"action_ko": 5}, "action_detected", ""),
        ({"location": "x" * 999}, "location", "x" * 200),
    ],
)
def test_values_are_held_to_what_they_can_be(changes, field, value):
    model = lambda *_: Seen({"events": [said() | changes]}, None)  # noqa: E731
    (event,) = claude(model).look(window()).events
    assert getattr(event, field) == value


def test_a_drawn_zone_is_surer_than_the_models_word():
    zones = zones_from([{"name": "주류 코너", "polygon": [[0, 0], [0.5, 0], [0.5, 1], [0, 1]]}])
    (event,) = claude(Model([said()]), zones=zones).look(window()).events
    assert event.location == "주류 코너"


def test_who_did_it_is_known_from_the_tracks():
    near = Sighting(746.0, "P000123", (0.12, 0.12, 0.2, 0.4))
    far = Sighting(746.0, "P000456", (0.7, 0.1, 0.2, 0.4))
    earlier = Sighting(700.0, "P000789", (0.1, 0.1, 0.2, 0.4))
    (event,) = claude(Model([said()])).look(window(sightings=(far, near, earlier))).events
    assert event.track_id == "P000123"
    (event,) = claude(Model([said(box=None)])).look(window(sightings=(near,))).events
    assert event.track_id is None


def test_the_budget_is_kept_not_passed_and_said_once():
    model = Model(*([said()] for _ in range(10)), cost="0.04")
    detector = claude(model, vision_budget_usd=Decimal("0.10"))
    findings = [detector.look(window(start, start + 10)) for start in (740.0, 750.0, 760.0, 770.0)]
    assert len(model.shown) == 2
    assert [len(one.notes) for one in findings] == [0, 0, 1, 0]
    assert "760" in findings[2].notes[0]


def test_where_no_price_is_known_the_calls_are_counted():
    model = Model(cost=None)
    detector = claude(model, vision_most_calls=3)
    for start in range(0, 100, 10):
        detector.look(window(float(start), start + 10.0))
    assert len(model.shown) == 3


def test_what_is_spent_survives_a_restart():
    detector = claude(Model(cost="0.06"), vision_budget_usd=Decimal("0.10"))
    detector.look(window())
    restored = claude(model := Model(), vision_budget_usd=Decimal("0.10"))
    restored.restore(json.loads(json.dumps(detector.state())))
    restored.look(window(750.0, 760.0))
    assert model.shown == []


# --- over the windows' borders ------------------------------------------------------------------------


def merged(*pairs):
    merger = Merger()
    stored = {}
    for found_in, answer in pairs:
        findings = claude(Model(answer)).look(found_in)
        for event in merger.merge(found_in, findings.events):
            stored[event.external_id] = event
    return list(stored.values())


def test_one_incident_seen_in_two_windows_is_one_event():
    (event,) = merged(
        (window(740.0, 750.0), [said(start=745.0, end=750.0, confidence=0.6, description_ko="무언가 한다.")]),
        (window(750.0, 760.0), [said(start=750.0, end=757.0, confidence=0.9)]),
    )
    assert (event.external_id, event.timestamp, event.end_timestamp) == ("740#0", 745.0, 757.0)
    assert event.confidence == 0.9
    assert event.description == "한 남성이 물건을 가방에 넣는다."


@pytest.mark.parametrize(
    "second",
    [
        said(start=756.0, end=758.0),  # some seconds later
        said(start=750.0, end=757.0, event_type="fight"),
        said(start=750.0, end=757.0, location="계산대"),
        said(start=750.0, end=757.0, box=[0.8, 0.1, 0.1, 0.3]),
    ],
)
def test_another_incident_stays_another(second):
    events = merged((window(740.0, 750.0), [said(start=745.0, end=750.0)]), (window(750.0, 760.0), [second]))
    assert [event.external_id for event in events] == ["740#0", "750#0"]


def test_two_of_a_kind_in_one_window_stay_two():
    both = [said(start=745.0, end=750.0), said(start=746.0, end=749.0, person="B")]
    assert len(merged((window(740.0, 750.0), both))) == 2
    again = merged((window(740.0, 750.0), both), (window(750.0, 760.0), [said(start=750.0, end=755.0)] * 2))
    assert [event.end_timestamp for event in again] == [755.0, 755.0]


def test_two_who_enter_one_after_the_other_are_two():
    events = merged(
        (window(740.0, 750.0), [said(start=749.5, end=None, event_type="enter")]),
        (window(750.0, 760.0), [said(start=750.5, end=None, event_type="enter")]),
    )
    assert len(events) == 2


# --- on the wire --------------------------------------------------------------------------------------


@pytest.fixture
def see():
    options = LlmOptions(
        bedrock_models=("global.anthropic.claude-haiku-4-5-20251001-v1:0",), region="us-east-1"
    )
    return see_with(open_llm(options, memory=ModelMemory()))


def test_pictures_go_over_the_wire_and_events_come_back(bedrock_standin, see):
    bedrock_standin.say(Reply(data={"events": [said()]}))
    (event,) = claude(see).look(window()).events
    assert event.event_type == "theft"
    content = bedrock_standin.requests[0].body["messages"][0]["content"]
    assert [next(iter(block)) for block in content] == ["image"] * 6 + ["text"]


def test_an_answer_without_sense_costs_the_window_not_the_analysis(bedrock_standin, see):
    bedrock_standin.say(Reply(text="I see a shop."), Reply(text="Really, a shop."))
    findings = claude(see).look(window())
    assert findings.events == ()
    assert "740 to 750" in findings.notes[0]


def test_a_service_that_denies_access_is_an_error_of_the_run(bedrock_standin, see):
    bedrock_standin.say(Fail(code="AccessDeniedException", status=403))
    with pytest.raises(Exception, match=r"(?i)access|model"):
        claude(see).look(window())


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)
