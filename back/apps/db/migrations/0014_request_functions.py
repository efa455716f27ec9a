"""A request's token is looked up and its throttles are counted in one call.

Functions, because PostgreSQL keeps the plans of what a function runs for as long as the connection lasts,
also behind a pooler: planning the same few statements anew took most of their time.
"""

from django.conf import settings
from django.db import migrations

FORWARD = """
-- → which of the limits refuse, the first being 1
CREATE FUNCTION db_count_request(keys text[], starts bigint[], lengths integer[], most integer[])
RETURNS integer[] LANGUAGE plpgsql AS $$
DECLARE
  refused integer[] := '{}';
BEGIN
  -- One after the other as given, so that two requests lock the rows that they share in the same order.
  FOR i IN 1 .. cardinality(keys) LOOP
    INSERT INTO db_rate_window AS w (key, started, seconds, requests)
    VALUES (keys[i], starts[i], lengths[i], 1)
    ON CONFLICT ON CONSTRAINT db_rate_window_pkey DO UPDATE SET requests = w.requests + 1
    WHERE w.requests < most[i];
    IF NOT FOUND THEN
      refused := refused || i;
    END IF;
  END LOOP;
  RETURN refused;
END $$;

-- The user's limit, if there is one, is the last, and its key wants the user's id at its end. Whoever has no
-- token that is right counts for the address alone.
CREATE FUNCTION db_request_of_token(
  digest text, at timestamptz, keys text[], starts bigint[], lengths integer[], most integer[],
  last_is_of_user boolean,
  OUT user_id bigint, OUT is_superuser boolean, OUT username text, OUT is_staff boolean,
  OUT is_active boolean, OUT expiry timestamptz, OUT refused integer[]
) LANGUAGE plpgsql AS $$
DECLARE
  last integer := cardinality(keys);
BEGIN
  SELECT u.id, u.is_superuser, u.username, u.is_staff, u.is_active, t.expiry
  INTO user_id, is_superuser, username, is_staff, is_active, expiry
  FROM knox_authtoken t JOIN db_user u ON u.id = t.user_id
  WHERE t.digest = db_request_of_token.digest AND (t.expiry IS NULL OR t.expiry > at);
  IF last_is_of_user AND is_active THEN
    keys[last] := keys[last] || user_id;
  ELSIF last_is_of_user THEN
    keys := keys[:last - 1];
  END IF;
  refused := db_count_request(keys, starts, lengths, most);
END $$;

-- They find their tables in the schema that they were made in, whatever the caller's search path.
DO $$
DECLARE
  made regprocedure;
BEGIN
  FOREACH made IN ARRAY ARRAY[
    'db_count_request(text[], bigint[], integer[], integer[])',
    'db_request_of_token(text, timestamptz, text[], bigint[], integer[], integer[], boolean)'
  ]::regprocedure[] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_catalog, pg_temp', made, current_schema());
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', made);
  END LOOP;
END $$;
"""

BACK = "DROP FUNCTION db_request_of_token; DROP FUNCTION db_count_request;"


class Migration(migrations.Migration):
    dependencies = [
        ("db", "0013_index_of_feedback"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("knox", "0009_extend_authtoken_field"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACK)]
