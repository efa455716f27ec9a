"""A database of its own for an evaluation, so that nobody's videos or history are touched or answered from.

The reader sees only what is committed, under its own login: a transaction rolled back would hide the events
from the very path that is to be measured.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.test.utils import override_settings

from apps.db.models import Event, User, Video
from apps.db.reader import close_reader
from apps.db.reader_role import ReaderRole, ensure_reader
from apps.evals.question_sets import QuestionSet


@contextmanager
def scratch_database() -> Iterator[None]:
    """Made, migrated and dropped; while the block runs the process knows no other database."""
    own_name = connection.settings_dict["NAME"]
    test_settings = connection.settings_dict["TEST"]
    usual_test_name = test_settings["NAME"]
    test_settings["NAME"] = name = f"{own_name}_eval_{os.getpid()}"
    close_reader()
    with redirect_stdout(sys.stderr):  # createcachetable prints whatever the verbosity
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        url = urlsplit(settings.READER_DATABASE_URL)._replace(path=f"/{name}").geturl()
        list(ensure_reader(connection, role=ReaderRole.from_url(url), timeout_ms=settings.READER_TIMEOUT_MS))
        with override_settings(READER_DATABASE_URL=url):
            yield
    finally:
        close_reader()
        connection.creation.destroy_test_db(own_name, verbosity=0)
        test_settings["NAME"] = usual_test_name


@transaction.atomic
def fill(question_set: QuestionSet) -> User:
    """The set's videos and events under their own ids, owned by the user who asks."""
    user = User.objects.create_user(username=f"evaluation-{question_set.name}"[:150])
    Video.objects.bulk_create(Video(owner=user, **video) for video in question_set.videos)
    Event.objects.bulk_create(Event(**event) for event in question_set.events)
    return user
