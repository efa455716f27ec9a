"""People present per ten seconds, and from when to when each track was seen.

Like events they follow their video: the clock and the version of what is known about it (which cached answers
ask for) are kept right by the database, and the reader sees the rows of the videos in its scope.
"""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = r"""
CREATE TRIGGER db_presence_occurred_at
  BEFORE INSERT OR UPDATE OF "timestamp", video_id, occurred_at ON db_presence
  FOR EACH ROW EXECUTE FUNCTION db_event_set_occurred_at();
CREATE TRIGGER db_trackspan_occurred_at
  BEFORE INSERT OR UPDATE OF "timestamp", video_id, occurred_at ON db_trackspan
  FOR EACH ROW EXECUTE FUNCTION db_event_set_occurred_at();

CREATE FUNCTION db_video_move_presence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE db_presence SET occurred_at = NEW.recorded_at + "timestamp" * interval '1 second'
   WHERE video_id = NEW.id;
  UPDATE db_trackspan SET occurred_at = NEW.recorded_at + "timestamp" * interval '1 second'
   WHERE video_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER db_video_recorded_at_presence
  AFTER UPDATE OF recorded_at ON db_video
  FOR EACH ROW WHEN (OLD.recorded_at IS DISTINCT FROM NEW.recorded_at)
  EXECUTE FUNCTION db_video_move_presence();

CREATE TRIGGER db_presence_inserted AFTER INSERT ON db_presence REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION db_event_count_change();
CREATE TRIGGER db_presence_updated AFTER UPDATE ON db_presence
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION db_event_count_change();
CREATE TRIGGER db_presence_deleted AFTER DELETE ON db_presence REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION db_event_count_change();
CREATE TRIGGER db_trackspan_inserted AFTER INSERT ON db_trackspan REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION db_event_count_change();
CREATE TRIGGER db_trackspan_updated AFTER UPDATE ON db_trackspan
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION db_event_count_change();
CREATE TRIGGER db_trackspan_deleted AFTER DELETE ON db_trackspan REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION db_event_count_change();

ALTER TABLE db_presence ENABLE ROW LEVEL SECURITY;
CREATE POLICY db_presence_in_scope ON db_presence FOR SELECT
  USING (video_id = ANY ((SELECT db_reader_scope())::bigint[]));
ALTER TABLE db_trackspan ENABLE ROW LEVEL SECURITY;
CREATE POLICY db_trackspan_in_scope ON db_trackspan FOR SELECT
  USING (video_id = ANY ((SELECT db_reader_scope())::bigint[]));
"""

# The other triggers and the policies go with their tables.
BACK = """
DROP TRIGGER db_video_recorded_at_presence ON db_video;
DROP FUNCTION db_video_move_presence();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('db', '0015_event_embeddings'),
    ]

    operations = [
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=64)),
                ('timestamp', models.FloatField(help_text='Seconds from the start of the video.')),
                ('end_timestamp', models.FloatField()),
                ('occurred_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('people', models.PositiveSmallIntegerField(help_text='Most at once.')),
                ('tracks', models.PositiveIntegerField(help_text='Different people seen.')),
                ('video', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='presence', to='db.video')),
            ],
            options={
                'verbose_name_plural': 'presence',
                'ordering': ['video_id', 'timestamp'],
                'indexes': [models.Index(fields=['occurred_at'], name='presence_clock')],
                'constraints': [models.UniqueConstraint(fields=('video', 'source', 'timestamp'), name='presence_once'), models.CheckConstraint(condition=models.Q(('end_timestamp__gte', models.F('timestamp')), ('end_timestamp__lte', 316224000.0), ('timestamp__gte', 0)), name='presence_is_sane')],
            },
        ),
        migrations.CreateModel(
            name='TrackSpan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=64)),
                ('kind', models.CharField(choices=[('person', 'Person'), ('vehicle', 'Vehicle'), ('bag', 'Bag')], max_length=16)),
                ('track_id', models.CharField(help_text='As in the events of the video.', max_length=100)),
                ('timestamp', models.FloatField(help_text='First seen, in seconds from the start of the video.')),
                ('end_timestamp', models.FloatField(help_text='Last seen.')),
                ('occurred_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('video', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='track_spans', to='db.video')),
            ],
            options={
                'ordering': ['video_id', 'timestamp', 'track_id'],
                'indexes': [models.Index(fields=['video', 'timestamp'], name='track_span_video_time'), models.Index(fields=['occurred_at'], name='track_span_clock')],
                'constraints': [models.UniqueConstraint(fields=('video', 'source', 'track_id', 'timestamp'), name='track_span_once'), models.CheckConstraint(condition=models.Q(('end_timestamp__gte', models.F('timestamp')), ('end_timestamp__lte', 316224000.0), ('timestamp__gte', 0)), name='track_span_is_sane'), models.CheckConstraint(condition=models.Q(('kind__in', ['person', 'vehicle', 'bag'])), name='track_span_kind_is_known')],
            },
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
