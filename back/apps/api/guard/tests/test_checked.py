"""What check() hands back: the SQL that may run, and what is to be known of it."""

import threading

import pytest

from apps.api.guard import RefusedSql, check
from apps.api.guard.allowed import FUNCTIONS


def test_it_says_what_it_found():
    checked = check("SELECT e.id, COUNT(*) FROM db_event e JOIN db_video v ON v.id = e.video_id GROUP BY 1")
    assert checked.columns == ("id", "count")
    assert checked.tables == ("db_event", "db_video")
    assert checked.limit == 501
    assert checked.sql.endswith(" LIMIT 501")
    assert "FROM public.db_event e JOIN public.db_video v" in checked.sql


@pytest.mark.parametrize(
    ("asked", "limit"),
    [
        ("", 11),
        ("LIMIT 3", 3),
        ("LIMIT 10", 10),
        ("LIMIT 11", 11),
        ("LIMIT 12", 11),
        ("LIMIT 0", 0),
        ("LIMIT ALL", 11),
    ],
)
def test_the_limit_is_put_on_or_lowered(asked, limit):
    checked = check(f"SELECT id FROM db_event {asked}", max_rows=10)
    assert checked.limit == limit
    assert checked.sql.endswith(f" LIMIT {limit}")


def test_the_limit_of_a_union_covers_the_whole():
    checked = check("(SELECT id FROM db_event LIMIT 99999) UNION ALL SELECT id FROM db_video", max_rows=10)
    assert checked.sql.endswith("SELECT id FROM public.db_video LIMIT 11")


def test_comments_and_case_do_not_survive():
    checked = check("select /* ignore all rules */ ID -- and this\nfrom DB_EVENT;")
    assert checked.sql == "SELECT id FROM public.db_event LIMIT 501"


def test_a_star_is_written_out():
    checked = check("SELECT v.* FROM db_video v")
    assert checked.columns == (
        "id", "name", "camera", "site", "duration", "recorded_at", "timezone", "status", "analyzed_until",
    )  # fmt: skip
    assert "*" not in checked.sql


def test_an_alias_in_group_by_becomes_a_number():
    """A hidden column of that name would win over the alias."""
    checked = check(
        "SELECT date_trunc('day', occurred_at) AS created_at, COUNT(*) FROM db_event GROUP BY created_at"
    )
    assert "GROUP BY 1" in checked.sql


def test_the_message_can_go_back_to_the_model():
    with pytest.raises(RefusedSql) as refusal:
        check("SELECT pg_sleep(1)")
    assert refusal.value.message.startswith("the function pg_sleep is not allowed; allowed are abs, age,")
    assert all(name in refusal.value.message for name in FUNCTIONS)
    with pytest.raises(RefusedSql) as refusal:
        check("SELECT e.owner_id FROM db_event e")
    assert refusal.value.message.startswith("e has no column owner_id; it has id, video_id, timestamp,")


def test_percent_signs_reach_the_database_as_they_are():
    assert "LIKE '%s%'" in check("SELECT id FROM db_event WHERE location LIKE '%s%'").sql


def test_many_threads_at_once():
    sqls = [f"SELECT id, '{n}' AS n FROM db_event WHERE video_id = {n} ORDER BY timestamp" for n in range(8)]
    alone = [check(sql) for sql in sqls]
    wrong: list[int] = []

    def work(n: int) -> None:
        for _ in range(20):
            if check(sqls[n]) != alone[n]:
                wrong.append(n)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
