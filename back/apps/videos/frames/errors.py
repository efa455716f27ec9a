class NoPicture(Exception):
    """There is no picture at that moment: it lies outside the video, or nothing there can be decoded."""


class Cancelled(Exception):
    """The caller's `cancelled()` said so; nothing was left behind."""
