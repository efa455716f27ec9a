"""The guard says what each column holds; rows of one shape may hold different things."""

import pytest

from apps.api.guard import check

CASES = {
    "SELECT name, duration FROM db_video ORDER BY 2 DESC LIMIT 1":
        "column db_video.name, column db_video.duration",
    "SELECT event_type, COUNT(*) FROM db_event GROUP BY 1": "column db_event.event_type, count",
    "SELECT e.location AS l, COUNT(e.id) AS duration FROM db_event e GROUP BY 1":
        "column db_event.location, count",
    "SELECT COUNT(DISTINCT (video_id, track_id)) FROM db_event": "count db_event.track_id",
    "SELECT COUNT(DISTINCT location) AS n FROM db_event": "count db_event.location",
    "SELECT ROUND(AVG(age), 1) AS n FROM db_event": "figure db_event.age avg",
    "SELECT MAX(end_timestamp - timestamp) AS count FROM db_event": "figure db_event.duration max",
    "SELECT MIN(confidence)::numeric FROM db_event": "figure db_event.confidence min",
    "SELECT SUM(t.n) FROM (SELECT COUNT(*) AS n FROM db_event GROUP BY event_type) t": "count",
    "SELECT AVG(t.n) FROM (SELECT COUNT(*) AS n FROM db_event GROUP BY event_type) t": "other",
    "WITH g AS (SELECT event_type AS a, COUNT(*) AS b FROM db_event GROUP BY 1) SELECT a, b FROM g":
        "column db_event.event_type, count",
    "WITH g(x, y) AS (SELECT gender, age FROM db_event) SELECT y, x FROM g":
        "column db_event.age, column db_event.gender",
    "SELECT v.name, (SELECT COUNT(*) FROM db_event e WHERE e.video_id = v.id) AS n FROM db_video v":
        "column db_video.name, count",
    "SELECT COALESCE(location, '?') FROM db_event": "column db_event.location",
    "SELECT 100.0 * COUNT(*) / 7 AS n FROM db_event": "other",
    "SELECT age + 1 FROM db_event": "other",
    "SELECT 5 AS n": "other",
    "SELECT age FROM db_event UNION SELECT age FROM db_event": "column db_event.age",
    "SELECT age FROM db_event UNION SELECT video_id FROM db_event": "other",
    "SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY age) FROM db_event":
        "figure db_event.age percentile_cont",
    "SELECT ROW_NUMBER() OVER (ORDER BY id) AS count FROM db_event": "other",
}  # fmt: skip


@pytest.mark.parametrize("sql", CASES)
def test_what_a_column_holds(sql):
    meanings = check(sql).meanings
    told = [" ".join(filter(None, (meaning.kind, meaning.column, meaning.by))) for meaning in meanings]
    assert ", ".join(told) == CASES[sql]


def test_there_is_one_for_each_column_of_every_accepted_case():
    from apps.api.guard.tests.cases import read

    for case in [*read("accepted.sql"), *read("questions.sql")]:
        checked = check(case.sql)
        assert len(checked.meanings) == len(checked.columns), case.name
