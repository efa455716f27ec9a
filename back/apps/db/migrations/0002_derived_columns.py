"""What follows from other columns is kept right by the database, whoever writes: ORM, COPY or psql.

- db_event.occurred_at = the video's recorded_at + timestamp, when either changes;
- db_video.events_version grows once per statement that changes events of the video.

The row trigger takes the video's row lock before it reads recorded_at: without it, an event written while
another transaction moves recorded_at would keep the old clock for ever.
"""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION db_event_set_occurred_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT v.recorded_at + NEW."timestamp" * interval '1 second' INTO NEW.occurred_at
    FROM db_video v WHERE v.id = NEW.video_id FOR NO KEY UPDATE;
  RETURN NEW;
END $$;
CREATE TRIGGER db_event_occurred_at
  BEFORE INSERT OR UPDATE OF "timestamp", video_id, occurred_at ON db_event
  FOR EACH ROW EXECUTE FUNCTION db_event_set_occurred_at();

CREATE FUNCTION db_video_move_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE db_event SET occurred_at = NEW.recorded_at + "timestamp" * interval '1 second'
   WHERE video_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER db_video_recorded_at
  AFTER UPDATE OF recorded_at ON db_video
  FOR EACH ROW WHEN (OLD.recorded_at IS DISTINCT FROM NEW.recorded_at)
  EXECUTE FUNCTION db_video_move_events();

CREATE FUNCTION db_event_count_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE db_video SET events_version = events_version + 1
     WHERE id IN (SELECT video_id FROM new_rows);
  ELSIF TG_OP = 'DELETE' THEN
    UPDATE db_video SET events_version = events_version + 1
     WHERE id IN (SELECT video_id FROM old_rows);
  ELSE
    UPDATE db_video SET events_version = events_version + 1
     WHERE id IN (SELECT video_id FROM old_rows UNION SELECT video_id FROM new_rows);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER db_event_inserted AFTER INSERT ON db_event
  REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION db_event_count_change();
CREATE TRIGGER db_event_updated AFTER UPDATE ON db_event
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION db_event_count_change();
CREATE TRIGGER db_event_deleted AFTER DELETE ON db_event
  REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION db_event_count_change();
"""

BACK = """
DROP TRIGGER db_event_deleted ON db_event;
DROP TRIGGER db_event_updated ON db_event;
DROP TRIGGER db_event_inserted ON db_event;
DROP FUNCTION db_event_count_change();
DROP TRIGGER db_video_recorded_at ON db_video;
DROP FUNCTION db_video_move_events();
DROP TRIGGER db_event_occurred_at ON db_event;
DROP FUNCTION db_event_set_occurred_at();
"""


class Migration(migrations.Migration):
    dependencies = [("db", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
