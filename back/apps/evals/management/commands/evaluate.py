import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.test.utils import override_settings

from apps.evals import baseline, compare, report
from apps.evals.asker import AppAsker
from apps.evals.checks import CATEGORIES
from apps.evals.question_sets import BadSet, QuestionSet, available, load
from apps.evals.run import chosen, run
from apps.evals.scratch import fill, scratch_database


class Command(BaseCommand):
    help = "Asks whole question sets and reports how many answers were right (docs/evaluation.md)."

    def add_arguments(self, parser):
        parser.add_argument(
            "sets", nargs="*", metavar="SET", help=f"{', '.join(available())}, or a directory; default: all"
        )
        parser.add_argument("--engine", choices=["text2sql", "bedrock"], default="text2sql")
        parser.add_argument("--model", help="a Bedrock model id instead of AWS_BEDROCK_MODEL_ID")
        parser.add_argument("--prompt-version", help="a folder of prompts instead of the current")
        parser.add_argument("--limit", type=int, help="only the first N questions of each set")
        parser.add_argument("--only", metavar="CATEGORY", choices=sorted(CATEGORIES))
        parser.add_argument("--report-dir", type=Path, help="write SET-ENGINE.json and .md there")
        parser.add_argument("--json", action="store_true", help="print the whole report instead of a summary")
        parser.add_argument(
            "--write-baseline", action="store_true", help="keep the totals as what must not fall"
        )
        parser.add_argument("--compare", nargs=2, type=Path, metavar=("BEFORE.json", "AFTER.json"))

    def handle(self, **options):
        if options["compare"]:
            self._compare(*options["compare"], as_json=options["json"])
            return
        if options["write_baseline"] and (options["limit"] or options["only"]):
            raise CommandError("a baseline is of whole sets: leave out --limit and --only")
        try:
            question_sets = [load(name) for name in options["sets"] or available()]
        except BadSet as error:
            raise CommandError(str(error)) from error
        fallen = []
        with _engine(options):
            for question_set in question_sets:
                data = self._evaluate(question_set, options)
                complaints = baseline.fallen(
                    question_set.baseline, engine=options["engine"], total=data["total"]
                )
                if options["write_baseline"]:
                    baseline.write(question_set.baseline, engine=options["engine"], total=data["total"])
                elif not (options["limit"] or options["only"]):
                    fallen += [f"{question_set.name}: {complaint}" for complaint in complaints]
        if fallen:
            raise CommandError("; ".join(fallen))

    def _evaluate(self, question_set: QuestionSet, options: dict[str, Any]) -> dict[str, Any]:
        answered = []
        with scratch_database():
            asker = AppAsker(fill(question_set))
            questions = chosen(question_set, only=options["only"], limit=options["limit"])
            for item in run(question_set, questions, asker, engine=options["engine"]):
                answered.append(item)
                if options["verbosity"] > 1:
                    self.stderr.write(f"{item.question.id} {item.verdict.mark} {item.verdict.why}")
        if answered and all(item.verdict.mark == "failed" for item in answered):
            raise CommandError(f"every question failed, the first with {answered[0].verdict.why}")
        data = report.report(
            answered,
            run={
                "set": question_set.name,
                "engine": options["engine"],
                "model": options["model"],
                "prompt_version": options["prompt_version"],
                "only": options["only"],
                "limit": options["limit"],
            },
        )
        if options["report_dir"]:
            _write(options["report_dir"], data)
        self.stdout.write(_json(data) if options["json"] else report.summary(data))
        return data

    def _compare(self, before: Path, after: Path, *, as_json: bool) -> None:
        try:
            reports = [json.loads(path.read_text(encoding="utf-8")) for path in (before, after)]
            data = compare.compare(*reports)
        except (OSError, ValueError, KeyError, TypeError, compare.NotComparable) as error:
            raise CommandError(f"cannot compare {before} with {after}: {error}") from error
        self.stdout.write(_json(data) if as_json else compare.markdown(data))


@contextmanager
def _engine(options: dict[str, Any]) -> Iterator[None]:
    """The settings of the run: who answers, and no limit on how often it may be asked."""
    changes: dict[str, Any] = {
        "USE_BEDROCK": options["engine"] == "bedrock",
        **dict.fromkeys(("THROTTLE_USER", "THROTTLE_ADDRESS"), None),
        "ALLOWED_HOSTS": [*settings.ALLOWED_HOSTS, "testserver"],
        "SECURE_SSL_REDIRECT": False,
    }
    if options["engine"] == "text2sql" and (options["model"] or options["prompt_version"]):
        raise CommandError("--model and --prompt-version belong to --engine bedrock")
    if options["model"]:
        changes["AWS_BEDROCK_MODEL_ID"] = [options["model"]]
    if options["prompt_version"]:
        if not hasattr(settings, "PROMPT_VERSION"):
            raise CommandError("--prompt-version: this build has one version of its prompts")
        changes["PROMPT_VERSION"] = options["prompt_version"]
    with override_settings(**changes):
        yield


def _write(directory: Path, data: dict[str, Any]) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    stem = "-".join(filter(None, (data["run"]["set"], data["run"]["engine"], data["run"]["prompt_version"])))
    (directory / f"{stem}.json").write_text(_json(data), encoding="utf-8")
    (directory / f"{stem}.md").write_text(report.markdown(data), encoding="utf-8")


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1, default=str) + "\n"
