"""How long a question takes, end to end: python bench/bench_prompt.py [offline] [claude] [crowd] [large]

The real processes over a throw-away database with the demo in it: gunicorn, the offline service, PostgreSQL,
and the stand-in for Bedrock. Everything listens on loopback and stops by itself.

  offline  the demo's questions through the offline engine, then the same again from the cache
  claude   a question through Claude (the stand-in), against its two calls by plain boto3 and its SQL by
           plain psycopg2
  crowd    many clients at once, with a model that takes a second a call
  large    a question on one video, in a large table of events and in a small one
"""

import argparse
import http.client
import itertools
import json
import os
import secrets
import statistics
import subprocess
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
from services import CREDENTIALS, ROOT, Site, cpu_seconds, free_port, memory, site, wait_for

QUESTIONS = ROOT / "back" / "apps" / "evals" / "sets" / "demo" / "questions.jsonl"
NOW = "2026-03-03T09:00:00+09:00"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("parts", nargs="*", help="all of them unless named")
    parser.add_argument("--questions", type=int, default=150)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=6, help="questions of each client of the crowd")
    parser.add_argument(
        "--lockstep", action="store_true", help="all clients of the crowd begin at one moment"
    )
    parser.add_argument("--delay", type=float, default=1.0, help="seconds of a model's call, for the crowd")
    parser.add_argument(
        "--delays",
        type=float,
        nargs="*",
        default=[0.0, 0.02, 0.1],
        help="seconds of a model's call, for claude",
    )
    parser.add_argument("--rows", type=int, default=10_000_000, help="events of the large table")
    parser.add_argument("--web", nargs="*", default=[], help="NAME=value for the web service")
    given = parser.parse_args()
    parts = {"offline": offline, "claude": claude, "crowd": crowd, "large": large}
    chosen = given.parts or list(parts)
    if unknown := set(chosen) - set(parts):
        parser.error(f"no such part: {', '.join(unknown)}")
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()[: given.questions]
    questions = [{"prompt": q["question"], "video_id": q["video_id"]} for q in map(json.loads, lines)]
    with site() as place:
        start_offline_service(place)
        for part in chosen:
            print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
            parts[part](place, questions, given)


# --- the processes ---


def start_offline_service(place: Site) -> None:
    port = free_port()
    process = place.start(
        "-m", "uvicorn", "text2sql.app:app", "--port", str(port), "--no-access-log", "--log-level", "warning"
    )  # as in the Procfile
    place.environment["TEXT2SQL_URL"] = f"http://127.0.0.1:{port}"
    wait_for(f"http://127.0.0.1:{port}/health/ready", process)


@dataclass(frozen=True)
class Web:
    process: subprocess.Popen
    port: int
    token: str


def start_web(place: Site, given: argparse.Namespace, **environment: str) -> Web:
    """As in production: sign-in by token, both throttles, its own logs."""
    port = free_port()
    told = dict(setting.split("=", 1) for setting in given.web)
    production = {
        "DEBUG": "false", "SECRET_KEY": secrets.token_urlsafe(48), "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS_ONLY": "false", "PORT": str(port), "WEB_CONCURRENCY": "2", "WEB_THREADS": "128",
    }  # fmt: skip
    process = place.start(
        "-m", "gunicorn", "--config", "back/config/gunicorn.py", "config.wsgi",
        **production | environment | told,
    )  # fmt: skip
    wait_for(f"http://127.0.0.1:{port}/api/health/ready/", process)
    account = json.dumps({"username": "demo", "password": "playhead-demo"})
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/api/auth/token/", account, {"Content-Type": "application/json"})
    token = json.loads(connection.getresponse().read())["token"]
    connection.close()
    return Web(process, port, token)


def start_standin(place: Site, *, delay: float) -> tuple[subprocess.Popen, dict[str, str], Path]:
    seen, told = place.folder / f"calls-{delay}.jsonl", place.folder / f"standin-{delay}"
    process = place.start(str(ROOT / "bench" / "quick_standin.py"), str(delay), str(seen), str(told))
    while not told.exists() or not told.read_text():
        assert process.poll() is None, "the stand-in did not start"
        time.sleep(0.05)
    url = told.read_text()
    services = ("BEDROCK", "BEDROCK_RUNTIME", "BEDROCK_AGENT_RUNTIME")
    at = {f"AWS_ENDPOINT_URL_{service}": url for service in services}
    return process, CREDENTIALS | at | {"USE_BEDROCK": "true"}, seen


def stop(place: Site, process: subprocess.Popen) -> None:
    process.terminate()
    process.wait()
    place.processes.remove(process)


def database(place: Site) -> Any:
    connection = psycopg2.connect(place.environment["DATABASE_URL"])
    connection.autocommit = True
    return connection


def forget_answers(owner: Any) -> None:
    with owner.cursor() as cursor:
        cursor.execute("TRUNCATE db_cache")


# --- asking ---


class Client:
    """One kept connection, as a browser's."""

    def __init__(self, web: Web) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=120)
        self.headers = {"Content-Type": "application/json", "Authorization": f"Bearer {web.token}"}

    def ask(self, question: dict[str, Any]) -> tuple[float, dict[str, Any]]:
        """→ (milliseconds, the reply)"""
        body = json.dumps(question).encode()
        began = time.perf_counter()
        self.connection.request("POST", "/api/prompt/", body, self.headers)
        response = self.connection.getresponse()
        read = response.read()
        took = (time.perf_counter() - began) * 1000
        if response.status != 200:
            raise RuntimeError(f"{response.status}: {read[:300]!r}")
        return took, json.loads(read)


def say(name: str, times: Iterable[float], more: str = "") -> float:
    ordered = sorted(times)
    median, p95 = statistics.median(ordered), ordered[int(0.95 * len(ordered))]
    print(f"{name:32} median {median:7.2f} ms   p95 {p95:7.2f} ms   {more}", flush=True)
    return median


# --- the parts ---


def offline(place: Site, questions: list[dict], given: argparse.Namespace) -> None:
    web = start_web(place, given)
    client = Client(web)
    for question in questions[:20]:  # what is loaded or remembered once per process
        client.ask(question | {"now": NOW})
    for name, cached, target in (("offline", False, 15), ("offline, cached", True, 5)):
        asked = [(*client.ask(question), question) for question in questions]
        kept = [(ms, reply) for ms, reply, _ in asked if reply["cached"] is cached]
        assert len(kept) > 0.8 * len(asked), f"{len(kept)} of {len(asked)} with cached={cached}"
        say(f"{name}, over HTTP", [ms for ms, _ in kept], f"{len(kept)} questions")
        say(f"{name}, in the server", [reply["timings_ms"]["total"] for _, reply in kept], f"under {target}")
    stop(place, web.process)


def claude(place: Site, questions: list[dict], given: argparse.Namespace) -> None:
    for delay in given.delays:
        print(f"a model that takes {1000 * delay:.0f} ms a call:")
        through_claude(place, questions, given, delay=delay)


def through_claude(place: Site, questions: list[dict], given: argparse.Namespace, *, delay: float) -> None:
    standin, environment, seen = start_standin(place, delay=delay)
    owner = database(place)
    forget_answers(owner)
    questions = [question | {"now": NOW} for question in questions]
    web = start_web(place, given, **environment)
    together(  # the stand-in has thought about each
        [Client(web) for _ in range(8)],
        lambda client, at: [client.ask(question) for question in questions[at::8]],
    )
    stop(place, web.process)
    # A process that has loaded its code and seen none of the questions to come.
    web = start_web(place, given, **environment)
    client = Client(web)
    for question in questions[:20]:
        client.ask(question | {"language": "en"})
    forget_answers(owner)
    calls = [json.loads(line) for line in seen.read_text(encoding="utf-8").splitlines()]
    bedrock = plain_bedrock(environment)
    ours, plain, product = [], [], []
    for question in questions[20:]:
        asked = [call for call in calls if call["question"] == question["prompt"]]
        ms, reply = client.ask(question)
        if reply["cached"] or reply["engine"] != "bedrock" or not reply["sql"] or len(asked) != 2:
            continue
        with owner.cursor() as cursor:
            cursor.execute("SELECT sql, evidence_sql FROM db_exchange WHERE id = %s", [reply["exchange_id"]])
            statements = [sql for sql in cursor.fetchone() if sql]
        began = time.perf_counter()
        for call in asked:
            converse(bedrock, call)
        with owner.cursor() as cursor:
            for sql in statements:
                cursor.execute(sql)
                cursor.fetchall()
        plain.append((time.perf_counter() - began) * 1000)
        ours.append(ms)
        product.append(reply["timings_ms"])
    least = say("bare minimum", plain, "2 calls by boto3, the SQL by psycopg2")
    whole = say("through Claude, over HTTP", ours, f"{len(ours)} questions")
    for step in ("plan", "run", "phrase", "verify", "total"):
        say(f"  {step}", [timings[step] for timings in product])
    print(f"{whole / least:.2f} x the bare minimum (at most 1.5), or {whole - least:.1f} ms more")
    stop(place, web.process)
    stop(place, standin)


def plain_bedrock(environment: dict[str, str]) -> Any:
    import boto3

    return boto3.client(
        "bedrock-runtime",
        endpoint_url=environment["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"],
        region_name="us-east-1",
        aws_access_key_id="standin",
        aws_secret_access_key="standin",
    )


def converse(bedrock: Any, call: dict[str, Any]) -> None:
    if call["operation"] == "Converse":
        bedrock.converse(modelId=call["model"], **call["body"])
    else:
        for _ in bedrock.converse_stream(modelId=call["model"], **call["body"])["stream"]:
            pass


def crowd(place: Site, questions: list[dict], given: argparse.Namespace) -> None:
    standin, environment, seen = start_standin(place, delay=given.delay)
    web = start_web(place, given, **environment)
    moments = itertools.count()
    questions = [question for question in questions if question["video_id"]][:20]

    def fresh(question: dict) -> dict:
        """A moment of its own keeps it from being answered from the cache."""
        return question | {
            "now": f"2026-03-03T09:{next(moments) // 1000 % 60:02}:00.{next(moments):06}+09:00"
        }

    # Each worker has loaded its code, and the stand-in has thought about each question.
    together(
        [Client(web) for _ in questions],
        lambda client, at: [client.ask(fresh(questions[at]))],
    )
    calls = [json.loads(line) for line in seen.read_text(encoding="utf-8").splitlines()]
    two = {q["prompt"] for q in questions if sum(c["question"] == q["prompt"] for c in calls) == 2}
    questions = [question for question in questions if question["prompt"] in two]
    clients = [Client(web) for _ in range(given.clients)]
    processes = (web.process, standin)
    before, most, busy = memory(web.process), [0.0], [cpu_seconds(process) for process in processes]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(2):  # reading what a process holds is work too
            most[0] = max(most[0], memory(web.process))

    watcher = threading.Thread(target=watch)
    watcher.start()
    cycle = 2 * given.delay
    answered: list[float] = []

    def ask_on(client: Client, at: int) -> list[tuple[float, dict]]:
        """People do not ask in the same millisecond: the clients begin within one cycle."""
        if not given.lockstep:
            time.sleep(at / given.clients * cycle)
        told = []
        for turn in range(given.rounds):
            told.append(client.ask(fresh(questions[(at + turn) % len(questions)])))
            answered.append(time.monotonic())
        ended.append(time.monotonic())
        return told

    ended: list[float] = []
    began = time.monotonic()
    asked = together(clients, ask_on)
    done.set()
    watcher.join()
    used = [cpu_seconds(process) - then for process, then in zip(processes, busy, strict=True)]
    errors = [one for one in asked if isinstance(one, Exception)]
    answers = [one for one in asked if not isinstance(one, Exception)]
    from_claude = sum(reply["engine"] == "bedrock" for _, reply in answers)
    say("crowd, over HTTP", [ms for ms, _ in answers])
    ideal = given.clients / cycle
    # While every client asks: from the first answers of the last to begin, to the end of the first to end.
    start, end = began + 2 * cycle, min(ended)
    rate = sum(start <= moment < end for moment in answered) / (end - start)
    print(
        f"{given.clients} clients, {len(answers)} answers ({from_claude} by Claude), {len(errors)} errors, "
        f"{rate:.1f} a second: {100 * rate / ideal:.0f} % of {ideal:.0f}"
    )
    print(
        f"memory {before:.0f} → {most[0]:.0f} MB; processor time a question: "
        f"web {1000 * used[0] / len(asked):.1f} ms, stand-in {1000 * used[1] / len(asked):.1f} ms"
    )
    for error in errors[:3]:
        print(f"  {error!r}")
    stop(place, web.process)
    stop(place, standin)


def together(clients: list[Client], work: Any) -> list[Any]:
    """What each did, or the exception that it met."""
    done: list[Any] = []

    def one(client: Client, at: int) -> None:
        try:
            done.extend(work(client, at))
        except Exception as error:
            done.append(error)
        finally:
            client.connection.close()

    threads = [threading.Thread(target=one, args=pair) for pair in zip(clients, itertools.count())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


LARGE_QUESTIONS = (
    "10분에서 15분 사이에 도난 사건이 있었나요?",
    "처음 넘어진 사람은 언제야?",
    "How many thefts were there?",
    "계산대에서 마지막으로 결제한 사람 몇 살이야?",
    "What happened between minute 3 and minute 4?",
)
_EVENTS_OF_A_VIDEO = 1000
_FILL = """
    INSERT INTO db_video
      (owner_id, name, camera, site, duration, recorded_at, timezone, status, analyzed_until)
    SELECT u.id, 'v' || n, 'c' || n, '', 3600, '2026-03-01T00:00:00Z', 'Asia/Seoul', 'ready', 3600
    FROM db_user AS u, generate_series(1, %(videos)s) AS n WHERE u.username = 'demo';
    INSERT INTO db_event (video_id, "timestamp", event_type, action_detected, location, age, gender, track_id,
      confidence, description, occurred_at)
    SELECT v.id, n * 3.6, (%(types)s::text[])[1 + (n * 7 + v.id) %% %(kinds)s],
      '행동 ' || n %% 20, '구역 ' || n %% 15, n %% 90, CASE n %% 2 WHEN 0 THEN 'male' ELSE 'female' END,
      'P' || n %% 50, 0.5 + (n %% 50) / 100.0, '구역에서 있었던 일에 대한 설명 ' || n,
      v.recorded_at + n * interval '3.6 seconds'
    FROM db_video AS v, generate_series(0, %(each)s - 1) AS n WHERE v.name LIKE 'v%%' ORDER BY n, v.id
"""


def large(place: Site, questions: list[dict], given: argparse.Namespace) -> None:
    medians = []
    for rows in (10_000, given.rows):
        videos = fill(place, rows)
        web = start_web(place, given)
        client = Client(web)
        times = []
        for video in videos:
            for question in LARGE_QUESTIONS:
                ms, reply = client.ask({"prompt": question, "video_id": video})
                assert not reply["cached"]
                times.append(ms)
        load = f"load {os.getloadavg()[0]:.1f}"
        medians.append(say(f"{rows} events, uncached", times[len(LARGE_QUESTIONS) :], load))
        stop(place, web.process)
    print(f"{medians[1] / medians[0]:.2f} x (at most 2)")


def fill(place: Site, rows: int) -> list[int]:
    """Events of all videos lie mixed, as they would had they been written live. → some of the videos"""
    from semantics import VOCABULARY

    types = [kind.code for kind in VOCABULARY.event_types]
    owner = database(place)
    began = time.monotonic()
    with owner.cursor() as cursor:
        cursor.execute(
            "DELETE FROM db_event WHERE video_id IN (SELECT id FROM db_video WHERE name LIKE 'v%')"
        )
        cursor.execute("ALTER TABLE db_event DISABLE TRIGGER USER")
        told = {"videos": rows // _EVENTS_OF_A_VIDEO, "each": _EVENTS_OF_A_VIDEO}
        cursor.execute(_FILL, told | {"types": types, "kinds": len(types)})
        cursor.execute("ALTER TABLE db_event ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE db_event")
        cursor.execute("VACUUM ANALYZE db_video")
        cursor.execute("SELECT id FROM db_video WHERE name LIKE 'v%' ORDER BY id DESC LIMIT 31")
        chosen = [row[0] for row in cursor.fetchall()]
    owner.close()
    print(f"{rows} events made in {time.monotonic() - began:.0f} s", flush=True)
    return chosen


if __name__ == "__main__":
    main()
