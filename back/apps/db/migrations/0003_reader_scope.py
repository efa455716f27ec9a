"""Row-level security for the reader: rows of the videos in a scope that the application has signed.

A policy over a bare setting can be escaped with set_config() from inside one SELECT. So the policy asks a
function that checks a signature over the scope, the backend's process id and an expiry, made with a key that
only the tables' owner can read. Nested hashing keeps a known signature from being extended.

The owner of the tables (the application) is not subject to the policies; everybody else is.
"""

from django.db import migrations

FORWARD = r"""
CREATE TABLE db_reader_key (
  id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
  key bytea NOT NULL
);
REVOKE ALL ON db_reader_key FROM PUBLIC;
INSERT INTO db_reader_key (key)
  VALUES (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

CREATE FUNCTION db_reader_scope() RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
AS $$
DECLARE
  said text := pg_catalog.current_setting('playhead.scope', true);
  signature text := pg_catalog.current_setting('playhead.signature', true);
  parts text[];
  secret bytea;
BEGIN
  -- pid | expiry in epoch seconds | video ids with commas between
  parts := pg_catalog.string_to_array(said, '|');
  SELECT key INTO secret FROM db_reader_key;
  IF pg_catalog.cardinality(parts) IS DISTINCT FROM 3
     OR parts[1] <> pg_catalog.pg_backend_pid()::text
     OR signature IS DISTINCT FROM pg_catalog.encode(pg_catalog.sha256(secret || pg_catalog.sha256(
          secret || pg_catalog.convert_to(said, 'UTF8'))), 'hex')
     OR parts[2]::double precision < pg_catalog.date_part('epoch', pg_catalog.clock_timestamp())
  THEN
    RAISE EXCEPTION 'the scope of this connection is not signed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN pg_catalog.string_to_array(NULLIF(parts[3], ''), ',')::bigint[];
END $$;
-- The function finds its table in the schema that it was made in, whatever the caller's search path.
DO $$ BEGIN
  EXECUTE format('ALTER FUNCTION db_reader_scope() SET search_path = %I, pg_catalog, pg_temp', current_schema());
END $$;
REVOKE ALL ON FUNCTION db_reader_scope() FROM PUBLIC;

ALTER TABLE db_video ENABLE ROW LEVEL SECURITY;
ALTER TABLE db_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY db_video_in_scope ON db_video FOR SELECT
  USING (id = ANY ((SELECT db_reader_scope())::bigint[]));
CREATE POLICY db_event_in_scope ON db_event FOR SELECT
  USING (video_id = ANY ((SELECT db_reader_scope())::bigint[]));
"""

BACK = """
DROP POLICY db_event_in_scope ON db_event;
DROP POLICY db_video_in_scope ON db_video;
ALTER TABLE db_event DISABLE ROW LEVEL SECURITY;
ALTER TABLE db_video DISABLE ROW LEVEL SECURITY;
DROP FUNCTION db_reader_scope();
DROP TABLE db_reader_key;
"""


class Migration(migrations.Migration):
    dependencies = [("db", "0002_derived_columns")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
