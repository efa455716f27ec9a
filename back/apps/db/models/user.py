from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Django's own user, in a table of ours so that it can grow."""
