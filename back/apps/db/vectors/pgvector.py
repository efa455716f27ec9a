"""pgvector, where the database has it, and the index that each model has of its own.

HNSW over the cosine of numbers in half precision: 2 bytes each, and up to 4000 of them.
"""

from dataclasses import dataclass

from django.db import connection, transaction

from apps.db.models import EmbeddingModel

# Iterative scans, without which a search within a scope could find nothing, came with 0.8.
LEAST_VERSION = (0, 8)
MOST_DIMENSIONS = 4000


@dataclass(frozen=True, slots=True)
class Pgvector:
    version: tuple[int, ...]
    schema: str

    @property
    def good_enough(self) -> bool:
        return self.version >= LEAST_VERSION


def pgvector(cursor) -> Pgvector | None:
    cursor.execute(
        "SELECT e.extversion, quote_ident(n.nspname) FROM pg_extension e"
        " JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'vector'"
    )
    found = cursor.fetchone()
    if found is None:
        return None
    return Pgvector(tuple(int(part) for part in found[0].split(".") if part.isdigit()), found[1])


def why_not() -> str | None:
    """What keeps this database from searching vectors, for an operator; None: nothing."""
    with connection.cursor() as cursor:
        found = pgvector(cursor)
        if found is None:
            return (
                "the extension vector is not in this database: install pgvector on the server and run "
                "CREATE EXTENSION vector as a superuser (on RDS: as the master user)"
            )
    if not found.good_enough:
        version = ".".join(map(str, found.version))
        return f"pgvector {version} is too old: 0.8 is wanted (ALTER EXTENSION vector UPDATE)"
    return None


def make_ready(model: EmbeddingModel, dimensions: int) -> None:
    """The model's index, and the column's type where pgvector came after the tables."""
    name = f"event_embedding_{model.pk}_nearest"
    with transaction.atomic(), connection.cursor() as cursor:
        found = pgvector(cursor)
        if found is None or not found.good_enough or dimensions > MOST_DIMENSIONS:
            return
        cursor.execute("SELECT to_regclass(%s)", [name])
        if cursor.fetchone()[0] is not None:
            return
        halfvec = f"{found.schema}.halfvec"
        cursor.execute(
            "SELECT atttypid = 'real[]'::regtype FROM pg_attribute"
            " WHERE attrelid = 'db_eventembedding'::regclass AND attname = 'vector'"
        )
        if cursor.fetchone()[0]:
            cursor.execute(
                f"ALTER TABLE db_eventembedding ALTER COLUMN vector TYPE {halfvec} USING vector::{halfvec}"
            )
        # Made while it is empty, so that it grows with what is written and nobody waits for it.
        cursor.execute(
            f"CREATE INDEX IF NOT EXISTS {name} ON db_eventembedding"
            f" USING hnsw ((vector::{halfvec}({dimensions})) {found.schema}.halfvec_cosine_ops)"
            f" WHERE model_id = {model.pk}"
        )
