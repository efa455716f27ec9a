"""On whose behalf something is done, free of HTTP: a view, a command and a job all have an actor."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """`user_id` None with `sees_all` is the open door of AUTH_REQUIRED=false, or the shell."""

    user_id: int | None
    sees_all: bool

    @classmethod
    def of(cls, user) -> "Actor":
        return cls(user_id=user.pk, sees_all=bool(user.is_staff))


EVERYBODY = Actor(user_id=None, sees_all=True)
