"""What is remembered of the videos: the latest of each, and no more than a process can hold."""

import pytest

from apps.api.asking import scope
from apps.db.access import EVERYBODY, Actor
from apps.db.models import VideoShare


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch):
    monkeypatch.setattr(scope, "_profiles", {})


def words_of(video) -> tuple[tuple[str, ...], tuple[str, ...]]:
    (scoped,) = scope.scope_of(EVERYBODY, video_id=video.pk)
    return scoped.locations, scoped.actions


def test_the_most_frequent_come_first(make_video, make_event):
    video = make_video()
    for second, place in enumerate(["문", "창고", "창고", "계산대", "창고", "계산대", ""]):
        make_event(video, second, location=place, action_detected=f"일 {second}")
    places, actions = words_of(video)
    assert places == ("창고", "계산대", "문")
    assert len(actions) == 7


def test_a_changed_video_takes_the_place_of_what_it_was(make_video, make_event):
    """A feed that adds an event a second would else leave a profile a second."""
    video = make_video()
    for second in range(5):
        make_event(video, second, location=f"곳 {second}")
        assert len(words_of(video)[0]) == second + 1
    assert len(scope._profiles) == 1


def test_a_video_of_another_database_under_the_same_name_is_another(make_video, make_event):
    """Restored, or made anew: the same id, as many changes, and other places."""
    video = make_video()
    make_event(video, 1, location="창고")
    assert words_of(video)[0] == ("창고",)
    video.refresh_from_db()
    kept, pk, changes = video.owner_id, video.pk, video.events_version
    video.delete()
    again = make_video(id=pk, owner_id=kept)
    make_event(again, 1, location="계산대")
    again.refresh_from_db()
    assert again.events_version == changes
    assert words_of(again)[0] == ("계산대",)


def test_a_video_gives_so_many_words_and_all_together_so_many(make_video, make_event, monkeypatch):
    monkeypatch.setattr(scope, "MOST_WORDS", 4)
    monkeypatch.setattr(scope, "REMEMBERED_WORDS", 10)
    videos = [make_video() for _ in range(4)]
    for video in videos:
        for second in range(6):
            make_event(video, second, location=f"곳 {second}")
        assert len(words_of(video)[0]) == 4
    assert [video for _, video in scope._profiles] == [video.pk for video in videos[2:]]


def test_what_others_share_keeps_nobody_from_asking_about_their_own(make_user, make_video, monkeypatch):
    monkeypatch.setattr(scope, "MOST_VIDEOS", 2)
    monkeypatch.setattr(scope, "MOST_SHARED", 2)
    alice, bob = make_user("alice"), make_user("bob")
    given = [make_video(bob), make_video()]
    own = [make_video(alice) for _ in range(2)]
    for video in given:
        VideoShare.objects.create(video=video, user=alice)
    found = scope.scope_of(Actor.of(alice), video_id=None)
    assert [scoped.video.id for scoped in found] == [video.pk for video in own + given], "one's own first"
    make_video(alice)
    with pytest.raises(scope.TooManyVideos):
        scope.scope_of(Actor.of(alice), video_id=None)
    assert len(scope.scope_of(Actor.of(bob), video_id=None)) == 1


def test_who_sees_all_is_told_of_too_many(make_video, monkeypatch):
    monkeypatch.setattr(scope, "MOST_VIDEOS", 2)
    videos = [make_video() for _ in range(3)]
    with pytest.raises(scope.TooManyVideos):
        scope.scope_of(EVERYBODY, video_id=None)
    assert len(scope.scope_of(EVERYBODY, video_id=videos[0].pk)) == 1
