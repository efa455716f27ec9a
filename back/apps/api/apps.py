from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "apps.api"

    def ready(self) -> None:
        from django.contrib import admin

        from apps.api import checks  # noqa: F401
        from apps.api.accounts import password  # noqa: F401
        from apps.api.accounts.admin_login import ThrottledAuthenticationForm
        from apps.api.accounts.expiring import expired_sessions, expired_tokens
        from apps.http.throttle import forget_old_windows
        from apps.jobs.chores import register_chore

        admin.site.login_form = ThrottledAuthenticationForm
        for chore in (expired_tokens, expired_sessions, forget_old_windows):
            register_chore(chore)
