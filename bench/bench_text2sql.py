"""How long one question takes inside the offline service: `python bench/bench_text2sql.py`.

Two figures: the engine alone, and the whole request through the ASGI application (parsing, reply, JSON)
without a socket. The questions are the case files of the tests, each at its own site.
"""

import asyncio
import json
import resource
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "back"))

STARTED = time.perf_counter()

import httpx  # noqa: E402

from text2sql.app import app  # noqa: E402
from text2sql.contract import Question  # noqa: E402
from text2sql.engine import reply  # noqa: E402

TESTS = ROOT / "back" / "text2sql" / "tests"


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


def engine(bodies: list[dict]) -> list[float]:
    times = []
    for body in bodies:
        question = Question.model_validate(body)
        videos = tuple(video.video() for video in question.videos)
        start = time.perf_counter()
        reply(prompt=question.prompt, videos=videos, chosen=question.video_id, now=question.moment())
        times.append(time.perf_counter() - start)
    return times


async def service(bodies: list[dict]) -> list[float]:
    times = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://text2sql") as client:
        for body in bodies:
            start = time.perf_counter()
            response = await client.post("/text2sql", json=body)
            times.append(time.perf_counter() - start)
            assert response.status_code == 200, response.text
    return times


def crowded(bodies: list[dict]) -> list[dict]:
    """A hundred videos with ten thousand places between them."""
    videos = [
        {"id": n, "name": f"Camera {n}", "duration": 3600, "analyzed_until": 3600,
         "locations": [f"구역 {n}-{m} 통로" for m in range(100)]}
        for n in range(1, 101)
    ]  # fmt: skip
    return [{**body, "videos": videos, "video_id": None} for body in bodies[:40]]


def say(name: str, times: list[float]) -> None:
    ms = sorted(1000 * t for t in times)
    p95 = ms[int(0.95 * len(ms))]
    print(f"{name:28} median {statistics.median(ms):6.2f} ms   p95 {p95:6.2f} ms   max {ms[-1]:6.2f} ms")


def main() -> None:
    print(f"import {time.perf_counter() - STARTED:.2f} s")
    bodies = [body for _, body in questions()]
    engine(bodies[:50])
    say(f"engine, {len(bodies)} questions", engine(bodies))
    say("whole request", asyncio.run(service(bodies)))
    heavy = crowded(bodies)
    say("10,000 places in scope", engine(heavy))
    long = [{**bodies[0], "prompt": ("10분 이후에 도난 있었어? 남자가 넘어졌나요 " * 200)[:4000]}]
    say("4,000 characters", engine(long * 3))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
