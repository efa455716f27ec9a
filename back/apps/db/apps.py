from django.apps import AppConfig


class DbConfig(AppConfig):
    name = "apps.db"

    def ready(self) -> None:
        from apps.db import checks  # noqa: F401
