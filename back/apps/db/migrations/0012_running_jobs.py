"""Every worker looks once a second for running jobs whose worker has died; finished ones stay for two weeks."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("db", "0011_bounded_descriptions"),
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX IF NOT EXISTS db_running_jobs ON django_tasks_database_dbtaskresult (started_at)"
            " WHERE status = 'RUNNING'",
            "DROP INDEX IF EXISTS db_running_jobs",
        )
    ]
