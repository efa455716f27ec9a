"""Every setting is explained, in .env.example and in docs/settings.md, and both follow the code."""

import re

from config.env import ROOT, SCHEME
from config.sample import PAGE, PROCESSES, SAMPLE, read_sample, settings_page, with_models_part
from llm.options import env_names

BOTO3_S_OWN = re.compile(r"AWS_(PROFILE|ENDPOINT_URL_[A-Z0-9_]+)")
# Cannot stand in the file: it names the file, or make reads it before there is one.
ONLY_IN_THE_ENVIRONMENT = {"ENV_FILE", "PYTHON", "PATH", "MAKELEVEL"}


def documented() -> list[str]:
    groups = read_sample(SAMPLE.read_text(encoding="utf-8"))
    return [setting.name for group in groups for setting in group.settings]


def test_every_setting_is_explained_once_and_none_beside():
    names = documented()
    assert len(names) == len(set(names))
    known = set(SCHEME) | env_names() | set(PROCESSES)
    assert known - set(names) == set()
    assert [name for name in names if name not in known and not BOTO3_S_OWN.fullmatch(name)] == []


def test_each_has_words_and_the_default_of_the_code():
    for group in read_sample(SAMPLE.read_text(encoding="utf-8")):
        for setting in group.settings:
            assert len(setting.about) > 10, setting.name
            if setting.name in SCHEME:
                assert setting.default == SCHEME[setting.name][1], setting.name


def test_what_is_generated_is_in_step():
    sample = SAMPLE.read_text(encoding="utf-8")
    assert sample == with_models_part(sample), "make settings"
    assert PAGE.read_text(encoding="utf-8") == settings_page(sample), "make settings"


def test_every_setting_of_the_scheme_is_read():
    code = (ROOT / "back/config/settings.py").read_text(encoding="utf-8")
    assert [name for name in SCHEME if f'"{name}"' not in code] == []


def test_every_variable_that_the_processes_read_is_documented():
    read = set()
    for name in ("Procfile", "back/config/gunicorn.py", "back/launcher/environment.py"):
        text = (ROOT / name).read_text(encoding="utf-8")
        read |= set(re.findall(r"\$\{([A-Z0-9_]+)", text))
        read |= set(re.findall(r'(?:environ|told)\.get\("([A-Z0-9_]+)"', text))
        read |= set(re.findall(r'_port\(told, "([A-Z0-9_]+)"', text))
    assert read - ONLY_IN_THE_ENVIRONMENT - set(documented()) == set()
