"""People, cars and what they do, drawn with a few shapes. Points are pixels: where the feet stand."""

import math

import cv2

from apps.videos.demo.lettering import Colour, Picture

SEVERITY_COLOURS: tuple[Colour, ...] = ((190, 160, 90), (60, 170, 250), (60, 60, 235))
_SKIN: Colour = (170, 200, 235)
_CLOTHES: dict[str, tuple[Colour, ...]] = {
    "male": ((150, 90, 40), (120, 70, 70), (170, 120, 40), (90, 90, 60)),
    "female": ((120, 60, 190), (90, 80, 210), (160, 70, 160), (80, 110, 220)),
    "unknown": ((110, 110, 110), (90, 100, 100)),
}
_CARS: tuple[Colour, ...] = ((70, 70, 80), (200, 200, 205), (150, 60, 40), (50, 60, 170), (60, 110, 60))


def colour_of(track_id: str, gender: str, *, is_vehicle: bool) -> Colour:
    choices = _CARS if is_vehicle else _CLOTHES.get(gender, _CLOTHES["unknown"])
    return choices[sum(track_id.encode()) % len(choices)]


def draw_person(picture: Picture, x: int, y: int, size: int, colour: Colour, *, step: float) -> None:
    head, hip, swing = size // 6, y - size // 3, round(size * 0.12 * math.sin(step))
    for foot in (-swing, swing):
        cv2.line(picture, (x, hip), (x + foot, y), (60, 50, 50), max(2, size // 10), cv2.LINE_AA)
    cv2.ellipse(picture, (x, y - size // 2), (size // 6, size // 4), 0, 0, 360, colour, -1, cv2.LINE_AA)
    cv2.circle(picture, (x, y - size + head), head, _SKIN, -1, cv2.LINE_AA)


def draw_fallen(picture: Picture, x: int, y: int, size: int, colour: Colour) -> None:
    cv2.ellipse(picture, (x, y - size // 8), (size // 3, size // 7), 0, 0, 360, colour, -1, cv2.LINE_AA)
    cv2.circle(picture, (x - size // 2, y - size // 8), size // 6, _SKIN, -1, cv2.LINE_AA)


def draw_car(picture: Picture, x: int, y: int, size: int, colour: Colour) -> None:
    length, height = size, size // 3
    cv2.rectangle(picture, (x - length // 2, y - height), (x + length // 2, y - 4), colour, -1, cv2.LINE_AA)
    cv2.rectangle(picture, (x - length // 4, y - height * 2), (x + length // 4, y - height), colour, -1)
    cv2.rectangle(
        picture, (x - length // 5, y - height * 2 + 3), (x + length // 5, y - height), (225, 215, 190), -1
    )
    for wheel in (-length // 3, length // 3):
        cv2.circle(picture, (x + wheel, y - 3), max(3, size // 9), (30, 30, 30), -1, cv2.LINE_AA)


def draw_ring(picture: Picture, x: int, y: int, size: int, severity: int, *, phase: float) -> None:
    radius = round(size * (0.72 + 0.08 * math.sin(phase * 2 * math.pi)))
    colour = SEVERITY_COLOURS[severity]
    cv2.circle(picture, (x, y - size // 2), radius, colour, 1 + severity, cv2.LINE_AA)


def draw_item(picture: Picture, source: tuple[int, int], target: tuple[int, int], share: float) -> None:
    """Something goes from the shelf into a bag (or back)."""
    x = round(source[0] + (target[0] - source[0]) * share)
    y = round(source[1] + (target[1] - source[1]) * share)
    cv2.rectangle(picture, (x - 4, y - 5), (x + 4, y + 5), (40, 200, 240), -1)
    cv2.rectangle(picture, (x - 4, y - 5), (x + 4, y + 5), (30, 60, 80), 1)


def draw_clash(picture: Picture, x: int, y: int, size: int, *, phase: float) -> None:
    for ray in range(8):
        angle = ray * math.pi / 4 + phase
        near, far = size * 0.25, size * (0.5 if ray % 2 else 0.38)
        start = (round(x + near * math.cos(angle)), round(y - size // 2 + near * math.sin(angle)))
        end = (round(x + far * math.cos(angle)), round(y - size // 2 + far * math.sin(angle)))
        cv2.line(picture, start, end, (40, 40, 230), 2, cv2.LINE_AA)


def draw_flames(picture: Picture, x: int, y: int, size: int, *, phase: float) -> None:
    for tongue in range(-2, 3):
        tall = size * (0.55 + 0.15 * math.sin(phase * 5 + tongue * 2))
        centre = (x + tongue * size // 5, round(y - tall / 2))
        for share, colour in ((1.0, (40, 90, 240)), (0.5, (60, 220, 250))):
            axes = (max(2, round(size * 0.13 * share)), max(2, round(tall / 2 * share)))
            cv2.ellipse(picture, centre, axes, 0, 0, 360, colour, -1, cv2.LINE_AA)


def draw_smoke(picture: Picture, x: int, y: int, size: int, *, phase: float) -> None:
    for puff in range(3):
        rise = (phase + puff / 3) % 1.0
        centre = (x + round(size * 0.25 + 5 * math.sin(6 * rise)), round(y - size * (0.8 + 0.6 * rise)))
        cv2.circle(picture, centre, max(2, round(2 + 5 * rise)), (200, 200, 200), 1, cv2.LINE_AA)
