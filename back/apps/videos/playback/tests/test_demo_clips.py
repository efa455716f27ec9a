import pytest

from apps.db.models import Event, Video
from apps.videos.playback.demo import give_clips

pytestmark = pytest.mark.django_db(transaction=True)


def kept(settings) -> list:
    return [path for path in (settings.MEDIA_ROOT / "videos").rglob("*") if path.is_file()]


def test_a_video_without_a_file_gets_one_drawn_from_its_events(alice, make_video, settings, run_jobs):
    video = make_video(alice.user, duration=20.0)
    Event.objects.create(
        video=video, timestamp=5, event_type="theft", location="계산대", track_id="P1", source="demo"
    )
    assert give_clips([video.pk, 10**9]) == 1
    video.refresh_from_db()
    assert (video.playback, video.content_type) == ("direct", "video/mp4")
    assert video.media["duration"] == pytest.approx(20, abs=0.6)
    assert video.duration == 20.0
    assert alice.client.get(f"/api/videos/{video.pk}/thumbnail/?t=6").getvalue().startswith(b"\xff\xd8")
    # Once: the second time there is nothing to do, and what was added by hand changes nothing.
    Event.objects.create(video=video, timestamp=7, event_type="fire", source="manual")
    assert give_clips([video.pk]) == 0
    # A lost file comes back, and a clip of other events takes the place of the old one.
    kept(settings)[0].unlink()
    assert give_clips([video.pk]) == 1
    Event.objects.create(video=video, timestamp=9, event_type="fire", source="demo")
    assert give_clips([video.pk]) == 1
    run_jobs()
    assert [str(path).endswith(str(Video.objects.get().file)) for path in kept(settings)] == [True]
