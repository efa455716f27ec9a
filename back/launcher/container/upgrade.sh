#!/bin/sh
# From the version that runs to the one in PLAYHEAD_IMAGE (default: built from this checkout), without losing a request.
# Back-up, migrations, then one process after the other; the proxy holds requests while a replica starts.
set -eu
cd "$(dirname "$0")/../../.."
compose="${COMPOSE:-docker compose} -f docker-compose.prod.yml"
if [ -z "${PLAYHEAD_IMAGE:-}" ]; then $compose build migrate; fi
$compose run --rm backup once
$compose run --rm migrate migrate
$compose up -d --no-deps text2sql worker
$compose up -d --no-deps web
