"""The guard: what one SQL costs, known shapes forgotten, over the cases that it accepts and refuses.

python bench/bench_guard.py
"""

import os
import statistics
import sys
import time
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "back"))
os.environ.setdefault("ENV_FILE", os.devnull)
os.environ.setdefault("DEBUG", "true")
os.environ.setdefault("DATABASE_URL", "postgresql://nobody@127.0.0.1/none")

from apps.api.guard import RefusedSql, check
from apps.api.guard.shape import READ_BACK
from apps.api.guard.tests.cases import read

ROUNDS = 5


def milliseconds(sql: str) -> float:
    READ_BACK.clear()
    started = time.process_time()
    with suppress(RefusedSql):
        check(sql)
    return (time.process_time() - started) * 1000


def main() -> None:
    for file in ("accepted.sql", "questions.sql", "refused.sql"):
        took = [min(milliseconds(case.sql) for _ in range(ROUNDS)) for case in read(file)]
        print(
            f"{file:14} {len(took):4} texts: median {statistics.median(took):.2f} ms of processor,"
            f" slowest {max(took):.1f} ms"
        )


if __name__ == "__main__":
    main()
