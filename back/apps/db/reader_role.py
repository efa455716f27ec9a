"""The role that runs the SQL of questions: it can log in, read the allowed columns, and nothing else.

What a superuser must do and the owner cannot (on RDS, say) is tried and reported, never relied upon: the
grants and the row policies hold without it.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, transaction
from psycopg2 import errors, sql

from semantics import VOCABULARY

# Functions that PUBLIC may call, that a question never needs, and that write, wait or tell on others.
UNNEEDED_FUNCTIONS = (
    "lo_create(oid)", "lo_creat(integer)", "lo_from_bytea(oid, bytea)", "lo_put(oid, bigint, bytea)",
    "lo_unlink(oid)", "lo_truncate(integer, integer)", "lo_truncate64(integer, bigint)",
    "lowrite(integer, bytea)",
    "pg_sleep(double precision)", "pg_sleep_for(interval)", "pg_sleep_until(timestamp with time zone)",
    "pg_advisory_lock(bigint)", "pg_advisory_lock(integer, integer)", "pg_advisory_lock_shared(bigint)",
    "pg_advisory_lock_shared(integer, integer)", "pg_try_advisory_lock(bigint)",
    "pg_try_advisory_lock(integer, integer)", "pg_try_advisory_lock_shared(bigint)",
    "pg_try_advisory_lock_shared(integer, integer)", "pg_advisory_xact_lock(bigint)",
    "pg_advisory_xact_lock(integer, integer)", "pg_advisory_xact_lock_shared(bigint)",
    "pg_advisory_xact_lock_shared(integer, integer)", "pg_try_advisory_xact_lock(bigint)",
    "pg_try_advisory_xact_lock(integer, integer)", "pg_try_advisory_xact_lock_shared(bigint)",
    "pg_try_advisory_xact_lock_shared(integer, integer)", "pg_notify(text, text)",
)  # fmt: skip


# For what runs as the reader beside the SQL of questions, under the same row policies: a look at how far a
# replica is, and the search by meaning. The guard lets no SQL of a question name these.
BESIDE = (
    ("db_video", ("events_version", "updated_at")),
    ("db_embeddingmodel", ("id", "name", "requested", "dimensions")),
    ("db_eventembedding", ("model_id", "event_id", "video_id", "digest", "vector")),
    ("db_embeddedvideo", ("model_id", "video_id", "events_version")),
)


@dataclass(frozen=True, slots=True)
class ReaderRole:
    name: str
    password: str

    @classmethod
    def from_url(cls, url: str) -> "ReaderRole":
        parts = urlsplit(url)
        if parts.scheme not in {"postgres", "postgresql"} or not parts.username or not parts.password:
            raise ImproperlyConfigured(
                "READER_DATABASE_URL: wants postgres://role:password@host:port/database"
            )
        return cls(unquote(parts.username), unquote(parts.password))


_WITHOUT = ("NOCREATEDB", "NOCREATEROLE")
_MEANWHILE = (errors.InternalError_, errors.UniqueViolation, errors.DuplicateObject)


def ensure_reader(connection, *, role: ReaderRole, timeout_ms: int) -> list[str]:
    """Run as the tables' owner. Returns what could not be done without a superuser."""
    name = sql.Identifier(role.name)
    for attempt in range(5):
        try:
            _make_role(connection, role, timeout_ms)
            break
        except DatabaseError as error:
            # Roles belong to the whole server: somebody makes or changes this one through another database.
            if attempt == 4 or not isinstance(error.__cause__, _MEANWHILE):
                raise
            time.sleep(0.1 * (attempt + 1))
    return list(_harden(connection, name))


def _make_role(connection, role: ReaderRole, timeout_ms: int) -> None:
    name = sql.Identifier(role.name)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('playhead reader role'))")
        cursor.execute("SELECT current_user = %s", [role.name])
        if cursor.fetchone()[0]:
            raise ImproperlyConfigured("READER_DATABASE_URL: the reader must not be the tables' owner")
        cursor.execute("SELECT rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = %s", [role.name])
        present = cursor.fetchone()
        verb = sql.SQL("ALTER" if present else "CREATE")
        # Named only where there is something to take: an owner without CREATEDB may not even say NOCREATEDB.
        without = [word for word, has in zip(_WITHOUT, present or (True, True), strict=True) if has]
        cursor.execute(
            sql.SQL("{} ROLE {} LOGIN NOINHERIT {} PASSWORD {}").format(
                verb, name, sql.SQL(" ").join(map(sql.SQL, without)), sql.Literal(role.password)
            )
        )
        for setting, value in _role_settings(timeout_ms):
            cursor.execute(
                sql.SQL("ALTER ROLE {} SET {} = %s").format(name, sql.Identifier(setting)), [value]
            )
        _grant_columns(cursor, name)


def _role_settings(timeout_ms: int) -> list[tuple[str, str]]:
    return [
        ("statement_timeout", f"{timeout_ms}ms"),
        ("lock_timeout", "1s"),
        ("idle_in_transaction_session_timeout", f"{timeout_ms + 10_000}ms"),
        ("default_transaction_read_only", "on"),
        ("work_mem", "32MB"),
        ("max_parallel_workers_per_gather", "0"),
        ("search_path", "public"),
        ("TimeZone", "UTC"),
    ]


def _grant_columns(cursor, name: sql.Identifier) -> None:
    cursor.execute("SELECT current_schema()")
    schema = sql.Identifier(cursor.fetchone()[0])
    # From nothing: a column that left the list leaves the grants too.
    cursor.execute(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM {}").format(schema, name))
    cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, name))
    for table in VOCABULARY.tables:
        columns = sql.SQL(", ").join(map(sql.Identifier, table.column_names))
        cursor.execute(
            sql.SQL("GRANT SELECT ({}) ON {} TO {}").format(columns, sql.Identifier(table.name), name)
        )
    for table_name, column_names in BESIDE:
        columns = sql.SQL(", ").join(map(sql.Identifier, column_names))
        cursor.execute(
            sql.SQL("GRANT SELECT ({}) ON {} TO {}").format(columns, sql.Identifier(table_name), name)
        )
    cursor.execute(sql.SQL("GRANT EXECUTE ON FUNCTION db_reader_scope() TO {}").format(name))


def _harden(connection, name: sql.Identifier) -> Iterator[str]:
    """Second barriers; each on its own, since a managed database may allow some of them only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_schema()")
        database, schema = map(sql.Identifier, cursor.fetchone())
        cursor.execute(
            "SELECT f FROM unnest(%s) AS f WHERE to_regprocedure(f) IS NOT NULL"
            " AND has_function_privilege('public', to_regprocedure(f), 'EXECUTE')",
            [list(UNNEEDED_FUNCTIONS)],
        )
        functions = [row[0] for row in cursor.fetchall()]
    steps = [
        ("temporary tables", sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(database)),
        ("new objects in the schema", sql.SQL("REVOKE CREATE ON SCHEMA {} FROM PUBLIC").format(schema)),
        ("temp_file_limit", sql.SQL("ALTER ROLE {} SET temp_file_limit = '256MB'").format(name)),
    ]
    if functions:
        revoke = sql.SQL("REVOKE EXECUTE ON FUNCTION {} FROM PUBLIC").format(sql.SQL(", ".join(functions)))
        steps.append(("functions that write, wait or lock", revoke))
    for what, statement in steps:
        try:
            with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
                cursor.execute(statement)
                for notice in connection.connection.notices:
                    if "no privileges could be revoked" in notice:
                        raise DatabaseError(notice)
        except DatabaseError:
            yield f"{what}: only a superuser can limit this here; the grants and row policies hold without it"
        finally:
            connection.connection.notices.clear()
