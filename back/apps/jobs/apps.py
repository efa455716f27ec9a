from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "apps.jobs"

    def ready(self) -> None:
        from apps.jobs.chores import register_chore
        from apps.jobs.own_chores import expired_cache_rows, left_work_folders, old_job_results

        register_chore(expired_cache_rows)
        register_chore(old_job_results)
        register_chore(left_work_folders, slow=True)
