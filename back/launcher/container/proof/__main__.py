"""`make containers-test`: exit code 0 if all of it held, or if this machine cannot run containers.

`--folder DIR` keeps the images there, so that the next run need not build them again.
"""

import argparse
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from launcher.container.proof.development import Development
from launcher.container.proof.images import (
    CADDY,
    OURS,
    look_inside,
    make_base,
    make_ours,
    make_stand_ins,
    start_wrongly,
)
from launcher.container.proof.podman import Podman, ProofError, steps, why_not
from launcher.container.proof.production import Production


def main() -> int:
    if reason := why_not():
        print(f"containers: left out ({reason}); docs/deployment.md says what it takes")  # noqa: T201
        return 0
    began = time.monotonic()
    arguments = argparse.ArgumentParser(prog="make containers-test", description=__doc__)
    arguments.add_argument("--folder", type=Path, default=None)
    kept = arguments.parse_args().folder
    podman = Podman(kept or Path(tempfile.mkdtemp(prefix="playhead-proof-")))
    try:
        try:
            make_base(podman)
        except ProofError as error:  # its packages come over the network
            print(f"containers: left out (no base image could be made: {str(error)[-300:]})")  # noqa: T201
            return 0
        build(podman)
        prove(podman)
    except (ProofError, ValueError, OSError) as error:
        print(f"containers: FAILED: {error}", file=sys.stderr)  # noqa: T201
        return 1
    finally:
        podman.take_away(images=kept is None)
    print(f"containers: all of it held, in {time.monotonic() - began:.0f} s")  # noqa: T201
    return 0


def build(podman: Podman) -> None:
    """Those that are not there: in a folder that was kept, take away the image that should be built anew."""
    wanted = (
        (OURS, "the image, by its Dockerfile", make_ours),
        (CADDY, "stand-ins for PostgreSQL's and Caddy's images", make_stand_ins),
    )
    steps([(name, partial(make, podman)) for image, name, make in wanted if not podman.has(image)])


def prove(podman: Podman) -> None:
    steps(
        [
            ("what is in the image, and what is not", lambda: look_inside(podman)),
            ("wrong starts", lambda: start_wrongly(podman)),
        ]
    )
    with podman.health_checks():
        development = Development(podman)
        try:
            steps(
                [
                    ("docker-compose.yml: up, and a first answer", development.first_answer),
                    ("web starts in its container", development.web_starts_quickly),
                    ("the demo plays", development.plays),
                    ("two migrations at once", development.two_migrations_at_once),
                    ("kill -9 of each", development.survives_kills),
                ]
            )
        finally:
            development.compose.down()
        production = Production(podman)
        try:
            steps(
                [
                    ("docker-compose.prod.yml: up, behind TLS", production.up),
                    ("an account, and a token", production.sign_in),
                    ("an upload, analysed", production.upload),
                    ("a restart under load", production.restart_under_load),
                    ("a back-up, and its restore", production.back_up_and_restore),
                    ("an upgrade under load", production.upgrade),
                ]
            )
        finally:
            production.take_away()


if __name__ == "__main__":
    sys.exit(main())
