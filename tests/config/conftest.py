"""What the tests of the settings share: a working folder, and a user's one, of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest

from extractor.config import Settings, load_settings

Load: TypeAlias = Callable[..., Settings]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Load settings from the text of both files, the environment and arguments."""

    def loaded(
        local: str | None = None,
        *,
        user: str | None = None,
        environ: Mapping[str, str] | None = None,
        config_file: Path | None = None,
        **arguments: object,
    ) -> Settings:
        work, home = tmp_path / "work", tmp_path / "home"
        work.mkdir(exist_ok=True)
        if local is not None:
            (work / "extractor.toml").write_text(local, encoding="utf-8")
        if user is not None:
            folder = home / ".config" / "extractor"
            folder.mkdir(parents=True)
            (folder / "extractor.toml").write_text(user, encoding="utf-8")
        return load_settings(
            arguments=arguments,
            environ={"HOME": str(home)} | dict(environ or {}),
            cwd=work,
            config_file=config_file,
        )

    return loaded
