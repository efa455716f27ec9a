import argparse
import os
import sys

from launcher.environment import RunError, read_plan
from launcher.manage import manage
from launcher.stop import stop
from launcher.up import fail, up


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m launcher")
    parser.add_argument("command", choices=["up", "manage", "stop", "clean-data"])
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    try:
        plan = read_plan()
        if given.command == "up":
            return up(plan)
        if given.command == "manage":
            return manage(plan, given.arguments)
        return stop(plan, delete=given.command == "clean-data")
    except RunError as error:
        fail(error)
    except BrokenPipeError:  # `make run | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
