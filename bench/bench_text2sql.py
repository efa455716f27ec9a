"""How long one question takes inside the offline service: `python bench/bench_text2sql.py`.

First the median of the engine alone, and of the whole request through the ASGI application (parsing, reply,
JSON) without a socket: the questions are the case files of the tests, each at its own site. Then the worst of
everything that may come, in CPU time of this process (another program's load is no fault of a question's):
`LIMIT` milliseconds each, and the exit code says whether they held.
"""

import argparse
import asyncio
import json
import random
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "back"))

STARTED = time.perf_counter()

import httpx  # noqa: E402

from text2sql.app import app, settle  # noqa: E402
from text2sql.contract import Question  # noqa: E402
from text2sql.engine import reply  # noqa: E402
from text2sql.words.lexicon import LEXICON  # noqa: E402

TESTS = ROOT / "back" / "text2sql" / "tests"
DEMO = ROOT / "back" / "apps" / "evals" / "sets" / "demo"
LIMIT = 50.0
JSON = {"content-type": "application/json"}


def questions() -> list[tuple[str, dict]]:
    sites = json.loads((TESTS / "sites.json").read_text(encoding="utf-8"))
    found = []
    for file in sorted((TESTS / "cases").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            site = sites[case.get("site", "airport")]
            scope = {"videos": site["videos"], "video_id": case.get("video"), "now": site["now"]}
            body = {"prompt": case["q"], **scope}
            found.append((case["q"], body))
    return found


def engine(bodies: list[dict], clock=time.perf_counter) -> list[float]:
    times = []
    for body in bodies:
        question = Question.model_validate(body)
        videos = tuple(video.video() for video in question.videos)
        start = clock()
        reply(
            prompt=question.prompt,
            videos=videos,
            chosen=question.video_id,
            now=question.moment(),
            history=question.turns(),
        )
        times.append(clock() - start)
    return times


async def service(bodies: list[dict], clock=time.perf_counter) -> list[float]:
    times = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://text2sql") as client:
        for body in bodies:
            content = json.dumps(body).encode()
            start = clock()
            response = await client.post("/text2sql", content=content, headers=JSON)
            times.append(clock() - start)
            assert response.status_code == 200, response.text
    return times


def crowded(bodies: list[dict]) -> list[dict]:
    """A hundred videos with ten thousand places between them."""
    videos = [
        {"id": n, "name": f"Camera {n}", "duration": 3600, "analyzed_until": 3600,
         "locations": [f"구역 {n}-{m} 통로" for m in range(100)]}
        for n in range(1, 101)
    ]  # fmt: skip
    return [{**body, "videos": videos, "video_id": None} for body in bodies]


def demo() -> list[dict]:
    """The questions of the demo with its own videos and the places of its events in scope."""
    videos = json.loads((DEMO / "videos.json").read_text(encoding="utf-8"))
    events = [json.loads(line) for line in (DEMO / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    known = {"id", "name", "camera", "site", "duration", "recorded_at", "timezone", "analyzed_until"}
    scope = []
    for video in videos:
        mine = [event for event in events if event["video_id"] == video["id"]]
        scope.append(
            {name: value for name, value in video.items() if name in known}
            | {"locations": sorted({e["location"] for e in mine if e.get("location")})}
            | {"actions": sorted({e["action_detected"] for e in mine if e.get("action_detected")})}
        )
    lines = (DEMO / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        {"prompt": it["question"], "videos": scope, "video_id": it.get("video_id"), "now": it.get("now")}
        | {"history": it.get("history")}
        for it in map(json.loads, lines)
    ]


_TIMES = ["10분에서 15분 사이", "오후 2시 10분에", "between 5 and 10 minutes", "처음 5분", "어제", "8월 20일",
          "20대 여자", "10:30", "1시간 5분 30초"]  # fmt: skip
_PLANES = ((32, 126), (0xA0, 0x2FFF), (0x3000, 0xD7FF), (0x1F300, 0x1FAFF))


def soups(how_many: int, seed: int) -> Iterator[str]:
    """Up to 4,000 characters of what is no question: any Unicode, Hangul, digits, times, words again."""
    dice = random.Random(seed)
    korean, english = list(LEXICON.korean), list(LEXICON.english)

    def unicode() -> str:
        return chr(dice.randint(*dice.choice(_PLANES)))

    def hangul() -> str:
        return " " if dice.random() < 0.1 else chr(dice.randint(0xAC00, 0xD7A3))

    def misspelt() -> str:
        word = list(dice.choice(korean))
        word[dice.randrange(len(word))] = dice.choice("가갇도돌돈됴ㅏabc1")
        return "".join(word) + dice.choice(["", " "])

    makers = [
        unicode,
        hangul,
        lambda: dice.choice("0123456789:. ~-/,%"),
        lambda: dice.choice(_TIMES) + " ",
        lambda: dice.choice(korean),
        lambda: dice.choice(korean) + " ",
        lambda: dice.choice(english) + " ",
        lambda: dice.choice(korean + english) + dice.choice([" ", ""]),
        lambda: "".join(dice.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(dice.randint(3, 11))) + " ",
        misspelt,
    ]
    for _ in range(how_many):
        make = dice.choice(makers)
        length = dice.choice([20, 80, 200, 400, 400, 1_000, 4_000])
        if dice.random() < 0.2:
            once = make() + dice.choice(["", " "])
            yield (once * (length // len(once) + 1))[:length]
        else:
            said = ""
            while len(said) < length:
                said += make()
            yield said[:length]


def say(name: str, times: list[float]) -> None:
    ms = sorted(1000 * t for t in times)
    p95 = ms[int(0.95 * len(ms))]
    print(f"{name:34} median {statistics.median(ms):6.2f} ms   p95 {p95:6.2f} ms   max {ms[-1]:6.2f} ms")


def worst(how_many: int, seed: int) -> bool:
    """Whether each of all of this stayed below the limit, in CPU time, through the service."""
    bodies = [body for _, body in questions()]
    scope = {"videos": bodies[0]["videos"], "video_id": None, "now": bodies[0]["now"]}
    nonsense = [{"prompt": said, **scope} for said in soups(how_many, seed)]
    short = [{"prompt": said[:45]} for said in soups(20, seed + 1)]
    many = [{**body, "history": short} for body in nonsense]
    parts = {
        "the demo's questions": demo(),
        "the questions of the tests": bodies,
        f"{how_many} soups": nonsense,
        "soups after twenty soups": many[: how_many // 10],
        "10,000 places in scope": crowded([*bodies[:200], *nonsense[:200]]),
    }
    held = True
    for name, asked in parts.items():
        alone = engine(asked, time.process_time)
        say(f"{name}, engine", alone)
        if name.startswith("10,000"):  # a megabyte of JSON is read first: not the question's doing
            asked = asked[:40]
        times = asyncio.run(service(asked, time.process_time))
        say(f"{name}, request", times)
        slow = [(t, body["prompt"]) for t, body in zip(alone, asked, strict=False) if 1000 * t > LIMIT]
        for t, prompt in sorted(slow, reverse=True)[:5]:
            print(f"    {1000 * t:.1f} ms: {prompt[:80]!r}")
        held = held and not slow
    return held


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--soups", type=int, default=3_000, help="how many strings that are no questions")
    parser.add_argument("--seed", type=int, default=20_000)
    given = parser.parse_args()
    settle()
    print(f"import and warm-up {time.perf_counter() - STARTED:.2f} s")
    bodies = [body for _, body in questions()]
    engine(bodies[:50])
    say(f"engine, {len(bodies)} questions", engine(bodies))
    say("whole request", asyncio.run(service(bodies)))
    print(f"\nCPU time, worst of all below {LIMIT:.0f} ms wanted")
    held = worst(given.soups, given.seed)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory {peak:.0f} MB")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
