"""Removes the bytes of what is gone from the database.

A job, enqueued in the transaction of the deletion: a storage that is down for a while keeps nothing for ever.
"""

from django_tasks import task

from apps.videos.storage import derived_prefix, files


@task(priority=-10)
def remove_files(key: str) -> None:
    """A video's file with everything made from it, or whatever an unfinished upload has left."""
    place = files()
    place.delete_under(derived_prefix(key))
    place.discard(key)
