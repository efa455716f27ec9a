"""Vectors of events. A database without pgvector keeps them as `real[]`, and searches none.

The keys delete in the database: an event's vector must not make deleting a hundred thousand events slow, and
goes whoever deletes the event.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import DatabaseError, migrations, models, transaction

import apps.db.models.embedding

TABLES = """
CREATE TABLE db_eventembedding (
  model_id bigint NOT NULL REFERENCES db_embeddingmodel (id) ON DELETE CASCADE,
  event_id bigint NOT NULL REFERENCES db_event (id) ON DELETE CASCADE,
  video_id bigint NOT NULL,
  digest uuid NOT NULL,
  vector %s NOT NULL,
  PRIMARY KEY (model_id, event_id)
);
-- Numbers do not shrink: no time is lost with trying.
ALTER TABLE db_eventembedding ALTER COLUMN vector SET STORAGE EXTERNAL;
CREATE INDEX event_embedding_event ON db_eventembedding (event_id);
CREATE INDEX event_embedding_video ON db_eventembedding (model_id, video_id);
CREATE INDEX event_embedding_digest ON db_eventembedding (model_id, digest);
CREATE TABLE db_embeddedvideo (
  model_id bigint NOT NULL REFERENCES db_embeddingmodel (id) ON DELETE CASCADE,
  video_id bigint NOT NULL REFERENCES db_video (id) ON DELETE CASCADE,
  events_version bigint NOT NULL,
  PRIMARY KEY (model_id, video_id)
);
CREATE INDEX embedded_video_video ON db_embeddedvideo (video_id);
"""

# What an event says has changed: its vector speaks of something else, and is made anew.
TRIGGERS = """
CREATE FUNCTION db_event_forget_embedding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM db_eventembedding) THEN
    DELETE FROM db_eventembedding x USING old_rows o JOIN new_rows n ON n.id = o.id
     WHERE x.event_id = n.id
       AND (o.video_id, o.event_type, o.action_detected, o.location, o.age, o.gender, o.description, o.attributes)
           IS DISTINCT FROM
           (n.video_id, n.event_type, n.action_detected, n.location, n.age, n.gender, n.description, n.attributes);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER db_event_said_otherwise AFTER UPDATE ON db_event
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION db_event_forget_embedding();

ALTER TABLE db_eventembedding ENABLE ROW LEVEL SECURITY;
CREATE POLICY db_eventembedding_in_scope ON db_eventembedding FOR SELECT
  USING (video_id = ANY ((SELECT db_reader_scope())::bigint[]));
ALTER TABLE db_embeddedvideo ENABLE ROW LEVEL SECURITY;
CREATE POLICY db_embeddedvideo_in_scope ON db_embeddedvideo FOR SELECT
  USING (video_id = ANY ((SELECT db_reader_scope())::bigint[]));
"""

BACK = """
DROP TRIGGER db_event_said_otherwise ON db_event;
DROP FUNCTION db_event_forget_embedding();
DROP TABLE db_embeddedvideo;
DROP TABLE db_eventembedding;
"""


def forward(_apps, schema_editor) -> None:
    connection = schema_editor.connection
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS vector")
    except DatabaseError:
        # Not installed on the server, or not for this role to make: the rest of the product does without.
        pass
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(n.nspname) || '.halfvec' FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace"
            " WHERE t.typname = 'halfvec'"
        )
        found = cursor.fetchone()
        cursor.execute(TABLES % (found[0] if found else "real[]"))
        cursor.execute(TRIGGERS)


def back(_apps, schema_editor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(BACK)


class Migration(migrations.Migration):
    dependencies = [("db", "0014_request_functions")]

    operations = [
        migrations.CreateModel(
            name="EmbeddingModel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="Without region, profile and version.", max_length=200)),
                (
                    "requested",
                    models.PositiveIntegerField(
                        default=0, help_text="LLM_EMBEDDING_DIMENSIONS; 0: the model's own."
                    ),
                ),
                ("dimensions", models.PositiveIntegerField(blank=True, null=True)),
                ("held_until", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("name", "requested"), name="embedding_model_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="EmbeddingDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("texts", models.PositiveIntegerField(db_default=0, default=0)),
                ("input_tokens", models.PositiveBigIntegerField(db_default=0, default=0)),
                ("cost_usd", models.DecimalField(db_default=0, decimal_places=9, default=0, max_digits=15)),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="days", to="db.embeddingmodel"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("day", "model"), name="embedding_day_once")],
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(forward, back)],
            state_operations=[
                migrations.CreateModel(
                    name="EmbeddedVideo",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "model_id", "video_id", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("events_version", models.BigIntegerField()),
                        (
                            "model",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="db.embeddingmodel",
                            ),
                        ),
                        (
                            "video",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="db.video",
                            ),
                        ),
                    ],
                    options={"db_table": "db_embeddedvideo"},
                ),
                migrations.CreateModel(
                    name="EventEmbedding",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "model_id", "event_id", blank=True, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("digest", models.UUIDField()),
                        ("vector", apps.db.models.embedding.VectorField()),
                        (
                            "event",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="embeddings",
                                to="db.event",
                            ),
                        ),
                        (
                            "model",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="db.embeddingmodel",
                            ),
                        ),
                        (
                            "video",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="db.video",
                            ),
                        ),
                    ],
                    options={"db_table": "db_eventembedding"},
                ),
            ],
        ),
    ]
