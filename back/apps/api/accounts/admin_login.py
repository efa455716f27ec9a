"""The admin's own page to sign in asks for the same passwords, so the same limit holds there."""

from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.views.decorators.debug import sensitive_variables

from apps.http.throttle import LOGIN, client_address, limits_of, within_limits


class ThrottledAuthenticationForm(AdminAuthenticationForm):
    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        limits = limits_of(LOGIN, client_address(self.request)) if self.request else []
        if limits and not (verdict := within_limits(limits)).allowed:
            seconds = round(verdict.wait) + 1
            raise ValidationError(f"Too many attempts. Try again in {seconds} s.", code="throttled")
        return super().clean()
