"""Combinations of settings that are dangerous, or that leave something not working."""

from django.conf import settings
from django.core import checks
from django.core.checks import Tags, register

from apps.db.reader_role import ReaderRole


@register(Tags.security, deploy=True)
def nobody_is_asked_who_they_are(app_configs, **kwargs):
    if settings.AUTH_REQUIRED or settings.DEBUG:
        return []
    return [
        checks.Warning(
            "AUTH_REQUIRED is off while DEBUG is off: every caller sees and changes every video.",
            hint="Unset AUTH_REQUIRED, unless something in front of this service asks who is calling.",
            id="playhead.W001",
        )
    ]


@register(Tags.security)
def questions_need_a_reader(app_configs, **kwargs):
    if not settings.READER_DATABASE_URL:
        return [
            checks.Warning(
                "READER_DATABASE_URL is not set: events can be stored, questions cannot be answered.",
                hint="Name a role of its own with a password, then run manage.py ensure_reader.",
                id="playhead.W002",
            )
        ]
    role = ReaderRole.from_url(settings.READER_DATABASE_URL)
    if role.name == settings.DATABASES["default"].get("USER"):
        return [
            checks.Error(
                "READER_DATABASE_URL names the application's own role: a question could do anything.",
                hint="Give the reader a role of its own.",
                id="playhead.E001",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def proxies_must_be_known(app_configs, **kwargs):
    if settings.HTTPS_ONLY and not settings.TRUSTED_PROXIES and not settings.DEBUG:
        return [
            checks.Warning(
                "HTTPS_ONLY is on and TRUSTED_PROXIES is 0: behind a load balancer that ends TLS, "
                "every request would be redirected for ever.",
                hint="Set TRUSTED_PROXIES to the number of proxies, or HTTPS_ONLY=false without TLS.",
                id="playhead.W003",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def secrets_cross_the_network_in_the_clear(app_configs, **kwargs):
    if settings.HTTPS_ONLY or settings.DEBUG:
        return []
    return [
        checks.Warning(
            "HTTPS_ONLY is off while DEBUG is off: passwords, tokens and cookies can be read on the way.",
            hint="Unset HTTPS_ONLY, and end TLS in front of this service.",
            id="playhead.W005",
        )
    ]
