"""Whoever changes a password, or takes it away, ends the tokens that were given out for the old one."""

from django.contrib.auth import get_user_model
from django.db.models.signals import post_save
from django.dispatch import receiver
from knox.models import AuthToken


@receiver(post_save, sender=get_user_model(), dispatch_uid="tokens end with their password")
def end_tokens(sender: type, instance, created: bool, **kwargs: object) -> None:
    # Django keeps the new password here until it is saved; a hash that is only made stronger leaves it empty.
    changed = instance._password is not None or not instance.has_usable_password()
    if changed and not created:
        AuthToken.objects.filter(user=instance).delete()
