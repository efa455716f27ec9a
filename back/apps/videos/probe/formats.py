"""The containers that are taken, told by their first bytes.

FFmpeg is never left to guess: its guess includes playlists and concatenations (hls, dash, concat, image
sequences), which name other files and addresses, and those would be opened with our rights.
"""

HEAD_BYTES = 1024

_ISO_BOXES = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"}
_STILL_PICTURE_BRANDS = {
    b"avif",
    b"avis",
    b"heic",
    b"heix",
    b"heim",
    b"heis",
    b"mif1",
    b"msf1",
    b"jp2 ",
    b"crx ",
}
_ASF = bytes.fromhex("3026b2758e66cf11")


def sniff(head: bytes) -> str | None:
    """FFmpeg's name of the container, or None for anything that is not on the list."""
    if head[4:8] in _ISO_BOXES:
        return None if head[4:8] == b"ftyp" and head[8:12] in _STILL_PICTURE_BRANDS else "mov"
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "matroska"
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return "avi"
    if head.startswith(b"FLV\x01"):
        return "flv"
    if head.startswith(_ASF):
        return "asf"
    if head.startswith(b"OggS"):
        return "ogg"
    if head.startswith(b"DHAV"):  # what Dahua's recorders write
        return "dhav"
    if head.startswith(b"\x00\x00\x01\xba"):
        return "mpeg"
    if _is_transport_stream(head):
        return "mpegts"
    return None


def _is_transport_stream(head: bytes) -> bool:
    """A sync byte at every packet; Blu-ray's packets carry four bytes of time before it."""
    return any(
        len(head) > first + 3 * step and all(head[first + n * step] == 0x47 for n in range(4))
        for first, step in ((0, 188), (4, 192))
    )
