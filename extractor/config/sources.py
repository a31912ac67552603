"""Where settings come from: files and the environment, each read into layers, the weakest first."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import cast

from extractor.config.keys import KEYS, Table, known_keys
from extractor.config.kinds import Kind
from extractor.config.paths import FILE_NAME, user_file
from extractor.errors import ConfigurationError, did_you_mean

PREFIX = "EXTRACTOR_"

ONE_OF = ("model", "models")
"""A model named nearer takes the place of a chain named farther away, and the reverse."""

OTHER_VARIABLES = frozenset(
    {
        "EXTRACTOR_CACHE_DIR",
        "EXTRACTOR_COMPATIBLE_API_KEY",
        "EXTRACTOR_COMPATIBLE_BASE_URL",
        "EXTRACTOR_LOCAL_MODEL",
        "EXTRACTOR_LOCAL_THREADS",
        "EXTRACTOR_PASSWORD",
    }
)
"""Variables that are read where they are used, and are no settings."""

_SHORT = {"EXTRACTOR_STORE": ("store", "path")}


@dataclass(frozen=True, slots=True)
class Layer:
    """Some values from one place.

    Attributes:
        origin: the place, in words for people.
        values: the values, as the file's tables have them.
        folder: where relative paths begin; None for the working folder.
    """

    origin: str
    values: Mapping[str, object]
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A file where settings are looked for, and what stands there if it exists."""

    shown: str
    path: Path
    is_there: bool = False
    top: Mapping[str, object] = field(default_factory=dict[str, object])
    profiles: Mapping[str, Mapping[str, object]] = field(
        default_factory=dict[str, Mapping[str, object]]
    )

    def layers(self, profile: str | None) -> list[Layer]:
        """Return the file's own keys, and over them those of a profile if it has it."""
        layers = [Layer(self.shown, self.top, self.path.parent)]
        if profile is not None and profile in self.profiles:
            origin = f"{self.shown} [profiles.{profile}]"
            layers.append(Layer(origin, self.profiles[profile], self.path.parent))
        return layers


def config_files(
    environ: Mapping[str, str], cwd: Path, config_file: Path | None = None
) -> list[ConfigFile]:
    """Read the user's file and that of the working folder, or `config_file` in its place.

    Raises:
        ConfigurationError: one can't be read, is no TOML, or `config_file` is not there.
    """
    user = user_file(environ)
    found = [_read(user, shown=str(user))]
    if config_file is None:
        return [*found, _read(cwd / FILE_NAME, shown=f"./{FILE_NAME}")]
    named = _read(cwd / config_file, shown=str(config_file))
    if not named.is_there:
        raise ConfigurationError(f"There is no file {config_file}.")
    return [*found, named]


def _read(path: Path, *, shown: str) -> ConfigFile:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        values: dict[str, object] = tomllib.loads(text, parse_float=Decimal)
    except (FileNotFoundError, NotADirectoryError):
        return ConfigFile(shown, path)
    except OSError as error:
        raise ConfigurationError(f"{shown} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{shown} is no UTF-8 from byte {error.start} on.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigurationError(f"{shown} is no TOML: {error}.") from error
    profiles = values.pop("profiles", {})
    if not isinstance(profiles, dict):
        raise ConfigurationError(f"{shown}: profiles is a table of tables, [profiles.NAME].")
    named = cast("dict[str, object]", profiles)
    for name, profile in named.items():
        if not isinstance(profile, dict) or "profile" in profile:
            raise ConfigurationError(
                f"{shown}: [profiles.{name}] is a table of settings, and names no other profile."
            )
    return ConfigFile(shown, path, True, values, cast("dict[str, dict[str, object]]", named))


def environment(environ: Mapping[str, str]) -> list[Layer]:
    """Read the variables `EXTRACTOR_...`, a layer each; an empty one says nothing.

    Two underscores stand for the dot: `EXTRACTOR_LIMITS__TOKENS_PER_DAY`. Lists go by comma.

    Raises:
        ConfigurationError: there is no setting of that name, or two exclude each other.
    """
    layers: list[Layer] = []
    named_by: dict[tuple[str, ...], str] = {}
    for variable, text in sorted(environ.items()):
        if not variable.startswith(PREFIX) or variable in OTHER_VARIABLES or not text:
            continue
        path, kind = _setting(variable)
        if path in named_by:
            raise ConfigurationError(f"{named_by[path]} and {variable} say the same; set one.")
        named_by[path] = variable
        layers.append(Layer(variable, _nested(path, kind.read(text))))
    both = [named_by[(name,)] for name in ONE_OF if (name,) in named_by]
    if len(both) > 1:
        raise ConfigurationError(f"{' and '.join(both)} exclude each other; set one.")
    return layers


def _setting(variable: str) -> tuple[tuple[str, ...], Kind]:
    default = tuple(variable.removeprefix(PREFIX).lower().split("__"))
    path = _SHORT.get(variable, default)
    table: Table = KEYS
    for depth, name in enumerate(path):
        node = table.node(name)
        if isinstance(node, Kind) and depth == len(path) - 1:
            return path, node
        if not isinstance(node, Table):
            break
        table = node
    raise _no_variable(variable)


def _no_variable(variable: str) -> ConfigurationError:
    known = [*variables(), *OTHER_VARIABLES]
    near = did_you_mean(variable, known).partition(" There are")[0]
    hint = near if near.startswith("Did") else "`extractor config show` names all settings."
    return ConfigurationError(
        f"{variable} is no setting of extractor.",
        hint=f"{hint} What has a table for each model is set in {FILE_NAME}.",
    )


def variables() -> list[str]:
    """Return the names of the variables that set something, but for names that users choose."""
    plain = [key for key in known_keys() if "*" not in key]
    return [*_SHORT, *(PREFIX + key.replace(".", "__").upper() for key in plain)]


def _nested(path: tuple[str, ...], value: object) -> dict[str, object]:
    name, *below = path
    return {name: _nested(tuple(below), value) if below else value}
