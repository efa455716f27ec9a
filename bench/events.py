"""Events that look like a shop's: made by rule, the same in each run."""

import random
from collections.abc import Iterator
from typing import Any

TYPES = (
    ("motion", 40), ("person", 20), ("enter", 10), ("exit", 10), ("pick_item", 8), ("payment", 6),
    ("loitering", 3), ("vehicle_enter", 1), ("theft", 1), ("fall", 1),
)  # fmt: skip
PLACES = ("입구", "계산대", "주류 코너", "화장품 코너", "전자제품 코너", "매장 중앙 진열대", "창고", "주차장")


def events(count: int, *, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Ten a second, with the fields that a detector fills."""
    rng = random.Random(seed)
    names, weights = zip(*TYPES, strict=True)
    for number in range(count):
        kind = rng.choices(names, weights)[0]
        timestamp = round(number * 0.1, 1)
        yield {
            "timestamp": timestamp,
            "end_timestamp": timestamp + 2.0 if number % 3 == 0 else None,
            "event_type": kind,
            "action_detected": f"{kind} 감지",
            "location": rng.choice(PLACES),
            "age": rng.randint(8, 80) if number % 4 else None,
            "gender": rng.choice(("male", "female", "unknown")),
            "confidence": round(rng.uniform(0.4, 1.0), 3),
            "track_id": f"P{number // 20:05d}",
            "description": f"{rng.choice(PLACES)} 쪽에서 움직임이 감지되었다.",
            "bbox": [round(rng.uniform(0, 0.5), 3) for _ in range(4)],
            "source": "bench",
            "external_id": f"bench-{seed}-{number}",
        }
