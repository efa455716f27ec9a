"""One picture of the scene at a moment: plan, figures, what is happening, clock and caption."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import cv2
import numpy as np

from apps.videos.demo import figures as draw
from apps.videos.demo.lettering import Picture, shortened, text_width, write
from apps.videos.demo.plan import BOTTOM, LEFT, RIGHT, TOP, Place, Plan, floor_plan
from apps.videos.demo.scene import Figure, Scene, SceneEvent, figures
from semantics import VOCABULARY

WIDTH, HEIGHT, _CAPTION = 640, 360, 66
_PERSON, _CAR = 42, 54

_FLOOR, _WALL, _FURNITURE, _DOOR = (232, 236, 238), (120, 125, 130), (200, 205, 210), (190, 215, 190)
_BAR, _INK, _PAPER = (38, 34, 32), (70, 60, 55), (240, 240, 240)

_TAKES = {"theft", "robbery", "pick_item", "payment"}
_PUTS = {"return_item", "abandonment", "dumping"}
_CLASHES = {"fight", "assault", "robbery", "weapon", "vandalism", "kidnapping"}


@dataclass(frozen=True, slots=True)
class Stage:
    """What stays the same through a clip, worked out once."""

    scene: Scene
    plan: Plan
    figures: tuple[Figure, ...]
    background: Picture
    starts_at: datetime | None


def set_up(scene: Scene) -> Stage:
    plan = floor_plan(scene.locations)
    starts_at = None
    if scene.recorded_at:
        starts_at = datetime.fromisoformat(scene.recorded_at).astimezone(ZoneInfo(scene.timezone))
    return Stage(
        scene, plan, figures(scene, plan.spots(), door=plan.door), _background(scene, plan), starts_at
    )


def picture_at(stage: Stage, t: float) -> Picture:
    picture = stage.background.copy()
    happening = [event for event in stage.scene.events if event.start <= t < event.end]
    seen = [(at, figure) for figure in stage.figures if (at := figure.position(t)) is not None]
    by_track = {event.track_id: event for event in happening if event.track_id}
    for at, figure in sorted(seen, key=lambda pair: pair[0][1]):  # those in front hide those behind
        _draw_figure(picture, stage, figure, _pixel(at), by_track.get(figure.track_id), t)
    for event in happening:
        if event.track_id is None:
            _draw_untracked(picture, stage, event, t)
    _draw_clock(picture, stage, t)
    if happening:
        caption = _caption(max(happening, key=lambda event: (event.severity, event.start)))
        picture[HEIGHT - caption.shape[0] :] = caption
    return picture


def _background(scene: Scene, plan: Plan) -> Picture:
    picture = np.full((HEIGHT, WIDTH, 3), _FLOOR, np.uint8)
    for x in range(0, WIDTH, 32):
        cv2.line(picture, (x, 0), (x, HEIGHT), (224, 228, 230), 1)
    for y in range(0, HEIGHT, 32):
        cv2.line(picture, (0, y), (WIDTH, y), (224, 228, 230), 1)
    cv2.rectangle(picture, _pixel((LEFT, TOP - 0.01)), _pixel((RIGHT, BOTTOM)), _WALL, 3)
    for place in plan.places:
        _draw_place(picture, place)
    cv2.rectangle(picture, (0, 0), (WIDTH, 30), _BAR, -1)
    cv2.rectangle(picture, (0, HEIGHT - _CAPTION), (WIDTH, HEIGHT), _BAR, -1)
    title = " ".join(part for part in (scene.camera, scene.site, scene.name) if part)
    write(picture, shortened(title, height=15, width=330), left=24, top=5, height=15, colour=_PAPER)
    return picture


def _draw_place(picture: Picture, place: Place) -> None:
    corners = _pixel((place.left, place.top)), _pixel((place.right, place.bottom))
    cv2.rectangle(picture, *corners, _DOOR if place.is_door else _FURNITURE, -1)
    cv2.rectangle(picture, *corners, _WALL, 1)
    (left, top), (right, bottom) = corners
    if not place.is_door:
        for x in range(left + 8, right - 6, 14):  # goods on the shelf
            cv2.rectangle(
                picture, (x, bottom - 9), (x + 7, bottom - 2), (150 + x % 60, 170, 215 - x % 90), -1
            )
    label = shortened(place.name, height=12, width=right - left - 6)
    write(picture, label, left=left + 4, top=top + 1, height=12, colour=_INK)


def _draw_figure(
    picture: Picture, stage: Stage, figure: Figure, at: tuple[int, int], event: SceneEvent | None, t: float
) -> None:
    x, y = at
    colour = draw.colour_of(figure.track_id, figure.gender, is_vehicle=figure.is_vehicle)
    size = _CAR if figure.is_vehicle else _PERSON
    if event and event.event_type in _CLASHES:
        x += round(3 * np.sin(t * 9))
    if figure.is_vehicle:
        draw.draw_car(picture, x, y, size, colour)
    elif event and event.event_type == "fall":
        draw.draw_fallen(picture, x, y, size, colour)
    else:
        draw.draw_person(picture, x, y, size, colour, step=at[0] * 0.35)
    write(picture, figure.track_id, left=max(0, x - 14), top=y + 1, height=10, colour=_INK)
    if event:
        _draw_event(picture, stage, event, (x, y), size, t)


def _draw_untracked(picture: Picture, stage: Stage, event: SceneEvent, t: float) -> None:
    x, y = _pixel(stage.plan.spots()[event.location])
    if event.event_type == "crowding":
        for person in range(9):
            spot = (x + (person % 5 - 2) * 17, y + (person // 5) * 12 - 6)
            draw.draw_person(
                picture, *spot, _PERSON, (140 - person * 5, 120, 110 + person * 6), step=person + t
            )
    _draw_event(picture, stage, event, (x, y), _PERSON, t)


def _draw_event(
    picture: Picture, stage: Stage, event: SceneEvent, at: tuple[int, int], size: int, t: float
) -> None:
    x, y = at
    share = (t - event.start) / max(0.5, event.end - event.start)
    if event.event_type in _TAKES | _PUTS:
        place = next((place for place in stage.plan.places if place.name == event.location), None)
        shelf = _pixel(((place.left + place.right) / 2, place.bottom)) if place else (x + size, y - size)
        hand = (x + size // 4, y - size // 2)
        source, target = (hand, shelf) if event.event_type in _PUTS else (shelf, hand)
        draw.draw_item(picture, source, target, min(1.0, share * 1.5))
    if event.event_type in _CLASHES:
        draw.draw_clash(picture, x + size // 3, y, size, phase=t)
    if event.event_type == "fire":
        draw.draw_flames(picture, x, y, size, phase=t)
    if event.event_type == "smoking":
        draw.draw_smoke(picture, x, y, size, phase=t % 1.0)
    draw.draw_ring(picture, x, y, size, event.severity, phase=t % 1.0)


def _draw_clock(picture: Picture, stage: Stage, t: float) -> None:
    seconds = int(t)
    offset = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    wall = (
        (stage.starts_at + timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S")
        if stage.starts_at
        else ""
    )
    if seconds % 2 == 0:
        cv2.circle(picture, (12, 15), 5, (60, 60, 235), -1, cv2.LINE_AA)
    left = WIDTH - text_width(offset, 17) - 10
    write(picture, offset, left=left, top=4, height=17, colour=_PAPER)
    write(picture, wall, left=left - text_width(wall, 13) - 16, top=6, height=13, colour=(200, 200, 200))


@lru_cache(maxsize=16)
def _caption(event: SceneEvent) -> Picture:
    """Drawn once for the many pictures it stands in: letters cost more than all the figures."""
    picture = np.full((_CAPTION, WIDTH, 3), _BAR, np.uint8)
    colour = draw.SEVERITY_COLOURS[event.severity]
    cv2.rectangle(picture, (0, 0), (8, _CAPTION), colour, -1)
    word = VOCABULARY.event_type(event.event_type).words.ko[0]
    left = write(picture, word, left=20, top=8, height=18, colour=colour) + 12
    about = " ".join(part for part in (event.location, event.action, event.track_id) if part)
    about = shortened(about, height=15, width=WIDTH - left - 10)
    write(picture, about, left=left, top=10, height=15, colour=_PAPER)
    line = shortened(event.description, height=14, width=WIDTH - 34)
    write(picture, line, left=20, top=38, height=14, colour=(205, 205, 205))
    return picture


def _pixel(point: tuple[float, float]) -> tuple[int, int]:
    return round(point[0] * WIDTH), round(point[1] * HEIGHT)
