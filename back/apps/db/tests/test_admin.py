"""Every page of the admin renders, and what can be saved there is saved."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.helpers import AdminForm
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.db import models

NOW = datetime(2026, 3, 2, 5, tzinfo=UTC)
# What a row of each model needs to exist; everything else has a default.
MADE = {
    "User": lambda v, u: models.User(username="somebody"),
    "Video": lambda v, u: models.Video(name="매장", owner=u),
    "Event": lambda v, u: models.Event(video=v, timestamp=1, event_type="theft"),
    "Conversation": lambda v, u: models.Conversation(owner=u, video=v, title="도난"),
    "Exchange": lambda v, u: models.Exchange(
        conversation=models.Conversation.objects.create(owner=u), owner=u, prompt="도난?", language="ko",
        now=NOW, outcome="answered",
    ),
    "AuditLine": lambda v, u: models.AuditLine(action="video.delete", video_id=1),
    "Analysis": lambda v, u: models.Analysis(video=v, job=uuid4()),
    "Presence": lambda v, u: models.Presence(
        video=v, source="people", timestamp=0, end_timestamp=10, people=2, tracks=3
    ),
    "TrackSpan": lambda v, u: models.TrackSpan(
        video=v, source="people", kind="person", track_id="P000001", timestamp=1, end_timestamp=2
    ),
    "Upload": lambda v, u: models.Upload(owner=u, kind="tus", key="k", expires_at=NOW),
    "RetentionRule": lambda v, u: models.RetentionRule(video=v, file_days=30),
    "EmbeddingModel": lambda v, u: models.EmbeddingModel(name="m", dimensions=3),
    "EmbeddingDay": lambda v, u: models.EmbeddingDay(
        day=NOW.date(), model=models.EmbeddingModel.objects.create(name="m")
    ),
}  # fmt: skip
OURS = [model for model in admin.site._registry if model._meta.app_label == "db"]


@pytest.fixture
def chief(make_user) -> Client:
    client = Client()
    client.force_login(make_user("root", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def row(request, chief, make_video):
    made = MADE[request.param.__name__](make_video(), models.User.objects.get(username="root"))
    made.save()
    return made


each = pytest.mark.parametrize("row", OURS, ids=lambda model: model.__name__, indirect=True)


def page(row, what: str, *arguments) -> str:
    return reverse(f"admin:db_{row._meta.model_name}_{what}", args=arguments)


def test_every_model_can_be_looked_at():
    ours = set(apps.get_app_config("db").get_models())
    on_the_page_of_its_video, vectors = {"VideoShare"}, {"EventEmbedding", "EmbeddedVideo"}
    assert {model.__name__ for model in ours - set(OURS)} == on_the_page_of_its_video | vectors


def test_the_index(chief, db):
    assert chief.get("/admin/").status_code == 200


@each
def test_the_list(chief, row):
    assert str(row.pk) in chief.get(page(row, "changelist")).content.decode()
    options = admin.site._registry[type(row)]
    if options.search_fields:
        assert chief.get(page(row, "changelist"), {"q": "매장"}).status_code == 200
    for filtered in options.list_filter:
        assert chief.get(page(row, "changelist"), {f"{filtered}__exact": "1"}).status_code == 200
    for column in range(1, len(options.list_display) + 1):
        assert chief.get(page(row, "changelist"), {"o": str(column)}).status_code == 200


@each
def test_one_row(chief, row):
    response = chief.get(page(row, "change", row.pk))
    assert response.status_code == 200
    if not admin.site._registry[type(row)].has_change_permission(response.wsgi_request, row):
        assert chief.post(page(row, "change", row.pk), {}).status_code == 403
        return
    saved = chief.post(page(row, "change", row.pk), posted(response))
    assert saved.status_code == 302, problems(saved)


@each
def test_a_new_one(chief, row):
    response = chief.get(page(row, "add"))
    if not admin.site._registry[type(row)].has_add_permission(response.wsgi_request):
        assert response.status_code == 403
        return
    assert response.status_code == 200
    type(row).objects.filter(pk=row.pk).delete()
    wanted = {
        "User": {"username": "new", "password1": "a long enough one", "password2": "a long enough one",
                 "usable_password": "true"},
        "Video": {"name": "새 영상"},
        "Event": {"video": getattr(row, "video_id", None), "timestamp": "12.5", "event_type": "theft"},
        "RetentionRule": {"video": getattr(row, "video_id", None), "event_days": "7"},
    }[type(row).__name__]  # fmt: skip
    before = type(row).objects.count()
    saved = chief.post(page(row, "add"), posted(response) | wanted)
    assert saved.status_code == 302, problems(saved)
    assert type(row).objects.count() == before + 1


SECRET = "what nobody else may read"


@pytest.mark.parametrize("way", ["one", "several"])
def test_who_deletes_an_account_does_not_read_what_it_asked(chief, make_user, way):
    somebody = make_user("somebody")
    conversation = models.Conversation.objects.create(owner=somebody, title=SECRET)
    models.Exchange.objects.create(
        conversation=conversation, owner=somebody, prompt=SECRET, language="en", now=NOW, outcome="answered"
    )
    if way == "one":
        response = chief.get(page(somebody, "delete", somebody.pk))
    else:
        chosen = {"action": "delete_selected", "_selected_action": [somebody.pk]}
        response = chief.post(page(somebody, "changelist"), chosen)
    told = response.content.decode()
    assert f"conversation {conversation.pk}" in told
    assert SECRET not in told


def test_millions_are_not_counted(chief, make_video, make_event, monkeypatch):
    make_event(make_video())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE db_event")
    count = chief.get("/admin/db/event/").context["cl"].result_count
    assert count == 1
    monkeypatch.setattr("apps.db.admin.LARGE", 0)
    with CaptureQueriesContext(connection) as captured:
        assert chief.get("/admin/db/event/").context["cl"].result_count == 1
        assert chief.get("/admin/db/event/?event_type__exact=theft").context["cl"].result_count == 0
    counted = [query["sql"] for query in captured if "COUNT(" in query["sql"] and "db_event" in query["sql"]]
    assert all("WHERE" in sql for sql in counted)
    assert counted


def posted(response) -> dict[str, str]:
    """What a browser would send back of the form as it came."""
    form: AdminForm = response.context["adminform"]
    sent = {}
    for bound in form.form:
        value = bound.value()
        widget = bound.field.widget
        if widget.__class__.__name__ == "AdminSplitDateTime":
            values = widget.decompress(value) if value else ["", ""]
            sent |= {f"{bound.html_name}_{n}": str(part or "") for n, part in enumerate(values)}
        elif isinstance(value, bool):
            sent |= {bound.html_name: "on"} if value else {}
        elif isinstance(value, list):
            sent |= {bound.html_name: value} if value else {}
        else:
            sent[bound.html_name] = "" if value is None else str(value)
    for formset in response.context["inline_admin_formsets"]:
        for field in formset.formset.management_form:
            sent[field.html_name] = str(field.value())
    return sent


def problems(response) -> object:
    return response.context and response.context["errors"]
