"""The parts of following: who goes with whom, where somebody will be, what they look like."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.videos.detectors.objects.found import PERSON, Found
from apps.videos.detectors.tracking import Habits, Tracker
from apps.videos.detectors.tracking.appearance import learned, look_of, unlike
from apps.videos.detectors.tracking.assignment import IMPOSSIBLE, assign
from apps.videos.detectors.tracking.motion import begun

TABLES = st.integers(0, 5).flatmap(
    lambda rows: st.integers(0, 5).flatmap(
        lambda columns: st.lists(
            st.lists(
                st.one_of(st.integers(0, 20).map(float), st.just(IMPOSSIBLE)),
                min_size=columns,
                max_size=columns,
            ),
            min_size=rows,
            max_size=rows,
        ).map(lambda table: np.array(table, float).reshape(rows, columns))
    )
)


def cheapest(table, row=0, taken=frozenset()):
    """By trying everything: (pairs that could not be made, cost of the others)."""
    if row == len(table):
        return (0, 0.0)
    # Everybody who can has to be placed: a pair that is impossible costs more than all the others together.
    best = (1 + cheapest(table, row + 1, taken)[0], cheapest(table, row + 1, taken)[1])
    for column in range(table.shape[1]):
        if column not in taken and table[row, column] < IMPOSSIBLE:
            unplaced, cost = cheapest(table, row + 1, taken | {column})
            best = min(best, (unplaced, cost + table[row, column]))
    return best


@settings(max_examples=150, deadline=None)
@given(TABLES)
def test_pairs_are_the_cheapest_there_are(table):
    pairs = assign(table)
    rows, columns = [row for row, _ in pairs], [column for _, column in pairs]
    assert len(set(rows)) == len(rows)
    assert len(set(columns)) == len(columns)
    unplaced, cost = cheapest(table)
    assert len(pairs) == len(table) - unplaced
    assert sum(table[pair] for pair in pairs) == pytest.approx(cost)


def test_speed_is_learned_and_noise_is_not():
    axis = begun(0.0, wobble=0.02, speed=0.2)
    dice = np.random.default_rng(0)
    for step in range(1, 20):
        axis.predict(0.5, change=0.1)
        axis.correct(0.1 * step * 0.5 + dice.normal(0, 0.01), wobble=0.02)
    assert axis.speed == pytest.approx(0.1, abs=0.03)
    assert axis.ahead(1.0) == pytest.approx(1.05, abs=0.06)


def dressed(colour):
    picture = np.full((200, 400, 3), 90, np.uint8)
    picture[50:150, 100:140] = colour
    return picture


def test_who_wears_the_same_looks_the_same():
    box = (0.25, 0.25, 0.1, 0.5)
    red, darker, blue = (
        look_of(dressed(colour), box) for colour in ((20, 20, 200), (15, 15, 170), (200, 30, 20))
    )
    assert unlike(red, darker) < 0.3
    assert unlike(red, blue) > 0.7
    assert unlike(red, ()) == 0.5
    assert learned((), red) == red
    assert unlike(learned(red, blue), red) < unlike(learned(red, blue), blue)


def test_two_who_cross_keep_their_names_by_what_they_wear():
    """They meet, one hides the other, and both turn back: place and speed alone would swap them."""
    tracker, names = Tracker(Habits()), {}
    for step in range(24):
        seconds = step / 2
        x = 0.1 + 0.035 * min(step, 24 - step)
        places = {"red": x, "blue": 0.92 - x}
        picture = np.full((180, 320, 3), 120, np.uint8)
        for who, colour in (("blue", (200, 30, 20)), ("red", (20, 20, 200))):
            left = int(places[who] * 320)
            picture[60:130, left : left + 24] = colour
        hidden = abs(places["red"] - places["blue"]) < 0.05
        found = [
            Found(PERSON, "person", (place, 60 / 180, 24 / 320, 70 / 180), 0.8)
            for who, place in places.items()
            if not (hidden and who == "blue")
        ]
        tracker.see(seconds, found, picture)
        for track in tracker.tracks:
            for who, place in places.items():
                if track.last_seen == seconds and abs(track.box[0] - place) < 0.03 and not hidden:
                    names.setdefault(who, set()).add(track.track_id)
    assert {who: len(tracks) for who, tracks in names.items()} == {"red": 1, "blue": 1}


@pytest.mark.parametrize(
    ("colour", "people"), [((20, 20, 200), 1), ((200, 30, 20), 2)], ids=["turned", "another"]
)
def test_who_comes_where_somebody_has_just_left_is_the_same_only_if_they_look_so(colour, people):
    tracker, names = Tracker(Habits()), set()
    for step in range(24):
        seconds, gone = step / 2, 12 <= step < 15
        x = 0.02 + 0.04 * (11 - step if step < 12 else step - 15)
        picture = np.full((180, 320, 3), 120, np.uint8)
        picture[60:130, int(x * 320) : int(x * 320) + 24] = (20, 20, 200) if step < 12 else colour
        found = [] if gone else [Found(PERSON, "person", (x, 60 / 180, 24 / 320, 70 / 180), 0.8)]
        tracker.see(seconds, found, picture)
        names |= {track.track_id for track in tracker.tracks if tracker.is_confirmed(track)}
    assert len(names) == people


def test_a_picture_full_of_noise_is_followed_within_bounds():
    tracker, dice = Tracker(Habits()), np.random.default_rng(0)
    picture = np.full((90, 160, 3), 120, np.uint8)
    for step in range(20):
        boxes = dice.uniform(0.02, 0.9, (100, 2))
        found = [Found(PERSON, "person", (x, y, 0.03, 0.08), 0.8) for x, y in boxes.tolist()]
        tracker.see(step / 2, found, picture)
        assert len(tracker.tracks) <= 200


def test_a_tracker_fits_into_little_json():
    tracker = Tracker(Habits())
    picture = np.full((180, 320, 3), 120, np.uint8)
    for step in range(40):
        found = [Found(PERSON, "person", (0.04 * n, 0.2 + 0.001 * step, 0.03, 0.2), 0.8) for n in range(20)]
        tracker.see(step / 2, found, picture)
    assert len(json.dumps(tracker.state())) < 30_000
