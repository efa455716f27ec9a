from django.apps import AppConfig


class VideosConfig(AppConfig):
    name = "apps.videos"

    def ready(self) -> None:
        # Whoever deletes a video or runs a job, these hear of it.
        from apps.jobs.chores import register_chore, register_idle_work
        from apps.videos import checks  # noqa: F401
        from apps.videos.analysis import job  # noqa: F401
        from apps.videos.embeddings.embedding import embed_if_due
        from apps.videos.playback import copying  # noqa: F401
        from apps.videos.retention import deleting  # noqa: F401
        from apps.videos.retention.rules import apply_all
        from apps.videos.upload.finishing import drop_expired_uploads, finish_what_was_left

        for chore in (finish_what_was_left, drop_expired_uploads, apply_all):
            register_chore(chore, slow=True)
        register_idle_work(embed_if_due)
