"""Where files are, by the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.config import cache_path, store_path
from extractor.config.paths import user_file
from extractor.errors import ConfigurationError


def test_the_store_is_named_or_stands_among_the_users_state() -> None:
    assert store_path({"EXTRACTOR_STORE": "/a/b.sqlite", "HOME": "/h"}) == Path("/a/b.sqlite")
    assert store_path({"HOME": "/h"}) == Path("/h/.local/state/extractor/calls.sqlite")
    assert store_path({"XDG_STATE_HOME": "/s"}) == Path("/s/extractor/calls.sqlite")
    assert store_path({"EXTRACTOR_STORE": "~/x"}) == Path("~/x").expanduser()


def test_the_cache_and_the_users_file_stand_where_such_files_do() -> None:
    assert cache_path({"HOME": "/h"}) == Path("/h/.cache/extractor/replies.sqlite")
    assert user_file({"HOME": "/h"}) == Path("/h/.config/extractor/extractor.toml")
    assert user_file({"XDG_CONFIG_HOME": "/c"}) == Path("/c/extractor/extractor.toml")


@pytest.mark.parametrize("value", ["", "relative"])
def test_a_variable_that_is_empty_or_relative_counts_as_not_set(value: str) -> None:
    assert store_path({"XDG_STATE_HOME": value, "HOME": "/h"}).is_relative_to("/h")


def test_a_user_without_a_home_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(ConfigurationError, match="no home folder") as caught:
        store_path({})
    assert "XDG_STATE_HOME" in str(caught.value.hint)
