"""The options of the commands that set something up, or say how it is."""

from __future__ import annotations

from typing import Any

from extractor.cli.options import add_settings_options
from extractor.cli.parser import command, group


def add_setup(commands: Any) -> None:
    """Add `init`, `config` and `doctor`."""
    init = command(commands, "init", "setup.init", "write settings, a schema and a contract to try")
    init.add_argument("folder", nargs="?", default=".", metavar="DIR", help="default: this one")

    config = group(commands, "config", "see what is set, and where")
    settings = command(config, "show", "setup.config", "print every setting and its value")
    settings.add_argument("--origin", action="store_true", help="and where each comes from")
    add_settings_options(settings)

    doctor = command(
        commands, "doctor", "setup.doctor", "show keys, hosts, prices, store and versions"
    )
    doctor.add_argument(
        "--online", action="store_true", help="also ask each host, without a key, for its clock"
    )
    add_settings_options(doctor)
