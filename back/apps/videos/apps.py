from django.apps import AppConfig


class VideosConfig(AppConfig):
    name = "apps.videos"

    def ready(self) -> None:
        # Whoever deletes a video or runs a job, these hear of it.
        from apps.videos import checks  # noqa: F401
        from apps.videos.analysis import job  # noqa: F401
        from apps.videos.playback import copying  # noqa: F401
        from apps.videos.retention import deleting  # noqa: F401
