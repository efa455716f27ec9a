"""Reads Django's settings afresh for each line that comes in: {"environment": {…}, "show": "expression"}.

Run as a program of its own. The libraries are loaded once; each line is answered by a fork in which
config.settings has not been imported yet.
"""

# ruff: noqa: T201  the expressions are the tests' own

import importlib
import json
import os
import sys
import traceback

import django.conf
import django.core.management.utils  # noqa: F401  loaded here, so that no fork has to

import config.logging  # noqa: F401
from config.env import SCHEME


def answer(environment: dict[str, str], show: str) -> dict[str, str]:
    for name in SCHEME:
        os.environ.pop(name, None)
    os.environ.update(environment)
    try:
        settings = importlib.import_module("config.settings")
        return {"shown": str(eval(show, {"s": settings})), "error": ""}
    except BaseException:
        return {"shown": "", "error": traceback.format_exc()}


for line in sys.stdin:
    child = os.fork()
    if child == 0:
        print(json.dumps(answer(**json.loads(line))), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
