"""Proof that the image and both Compose files work: `make containers-test` builds, runs and breaks them.

It uses podman, as root. Playhead's own image is built by the real Dockerfile; images that a registry would
give are replaced by ones that are built here from Debian and PyPI (images/).
"""
