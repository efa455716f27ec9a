"""Django's sessions in the database, whose keys are looked up only where they can be ones."""

import re

from django.contrib.sessions.backends import db

_KEY = re.compile(r"[0-9a-z]{8,40}")


class SessionStore(db.SessionStore):
    """A cookie may hold U+0000 (as `\\000` in quotes), which PostgreSQL does not take."""

    def _validate_session_key(self, key: str | None) -> bool:
        return key is not None and _KEY.fullmatch(key) is not None
