"""Files of each test's own: housekeeping looks at them."""

import pytest


@pytest.fixture(autouse=True)
def _files_of_this_test(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
