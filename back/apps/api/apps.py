from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "apps.api"

    def ready(self) -> None:
        from django.contrib import admin

        from apps.api import checks  # noqa: F401
        from apps.api.accounts.admin_login import ThrottledAuthenticationForm

        admin.site.login_form = ThrottledAuthenticationForm
