"""The tables behind the database cache and the throttles.

UNLOGGED: after a crash they are empty, which is what a cache and a minute's counters may be.
"""

from django.db import migrations

FORWARD = """
CREATE UNLOGGED TABLE db_cache (
  cache_key varchar(255) PRIMARY KEY,
  value text NOT NULL,
  expires timestamptz NOT NULL
);
CREATE INDEX db_cache_expires ON db_cache (expires);
CREATE UNLOGGED TABLE db_rate_window (
  key text NOT NULL,
  started bigint NOT NULL,
  seconds integer NOT NULL,
  requests integer NOT NULL,
  PRIMARY KEY (key, started)
);
CREATE INDEX db_rate_window_started ON db_rate_window (started);
"""


class Migration(migrations.Migration):
    dependencies = [("db", "0003_reader_scope")]
    operations = [migrations.RunSQL(FORWARD, "DROP TABLE db_rate_window; DROP TABLE db_cache;")]
