"""From all layers to one `Settings`: arguments, environment, files, defaults, in this order."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from extractor.config.keys import check_keys, kind_at
from extractor.config.paths import cache_path, store_path
from extractor.config.settings import Settings, dotted
from extractor.config.sources import ONE_OF, PREFIX, ConfigFile, Layer, config_files, environment
from extractor.errors import ConfigurationError, did_you_mean


def load_settings(
    *,
    arguments: Mapping[str, object] | None = None,
    environ: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    config_file: Path | None = None,
) -> Settings:
    """Find every setting: arguments before `EXTRACTOR_*` before files before defaults.

    The files are `extractor.toml` of the working folder, and that of the user
    (`$XDG_CONFIG_HOME/extractor/extractor.toml`) below it; in each a profile's keys come before the
    file's own. No `.env` file is ever read, and nothing from the folder of a document.

    Args:
        arguments: values by name, nested like the tables of the file; None says nothing.
        environ: the environment; by default the process's.
        cwd: the working folder; by default the process's.
        config_file: a file to read in place of the working folder's.

    Raises:
        ConfigurationError: a file can't be read, or a key or a value is not what it should be; the
            message says where it stands.
    """
    environ = os.environ if environ is None else environ
    files = config_files(environ, cwd or Path.cwd(), config_file)
    said = [
        *environment(environ),
        Layer("argument", {k: v for k, v in (arguments or {}).items() if v is not None}),
    ]
    profile = _profile(files, said)
    found = [layer for file in files for layer in file.layers(profile)] + said
    merged = _Merged(
        {"store": {"path": store_path(environ)}, "cache": {"path": cache_path(environ)}}
    )
    for layer in found:
        merged.add(_checked(layer), layer.origin)
    _check_other_profiles(files, profile)
    _check_base_url(merged.origins, [layer.origin for layer in found])
    return Settings.model_validate(merged.values | {"origins": merged.origins})


def _profile(files: Sequence[ConfigFile], said: Sequence[Layer]) -> str | None:
    """Return the profile's name: as argument, in the environment, or in the nearest file."""
    wanted = [*(Layer(file.shown, file.top) for file in files), *said]
    named = next((layer for layer in reversed(wanted) if "profile" in layer.values), None)
    if named is None:
        return None
    name = named.values["profile"]
    known = list(dict.fromkeys(known for file in files for known in file.profiles))
    if not isinstance(name, str) or name not in known:
        hint = did_you_mean(str(name), known) if known else "No file has a table [profiles.NAME]."
        raise ConfigurationError(f"{named.origin}: there is no profile {name!r}.", hint=hint)
    return name


def _check_other_profiles(files: Sequence[ConfigFile], profile: str | None) -> None:
    for file in files:
        for name in file.profiles:
            if name != profile:
                _checked(file.layers(name)[1])


def _check_base_url(origins: Mapping[str, str], places: Sequence[str]) -> None:
    """Refuse an address that was stated for another model: it would be sent this one's key."""
    address = origins.get("base_url")
    model = origins.get("models", origins.get("model"))
    if (
        address is None
        or model is None
        or all(place.startswith(PREFIX) for place in (address, model))
    ):
        return
    if places.index(model) > places.index(address):
        raise ConfigurationError(
            f"base_url ({address}) was stated before the model ({model}) that would be asked "
            "there.",
            hint="State it for its provider: [providers.NAME] base_url in extractor.toml, or "
            "beside the model.",
        )


def _checked(layer: Layer) -> dict[str, Any]:
    """Check one layer by itself, so that what is wrong can be told by its place."""
    check_keys(layer.values, layer.origin)
    if all(name in layer.values for name in ONE_OF):
        raise ConfigurationError(
            f"{layer.origin}: model and models are both set.",
            hint="models is the chain of all that may answer; leave model out.",
        )
    try:
        found = Settings.model_validate(layer.values, context={"folder": layer.folder})
    except ValidationError as error:
        raise _fault(layer, error) from None  # the cause would show the values
    return found.model_dump(exclude_unset=True)


def _fault(layer: Layer, error: ValidationError) -> ConfigurationError:
    first = error.errors(include_url=False)[0]
    path = [str(name) for name in first["loc"] if not isinstance(name, int)]
    if first["type"] == "missing":
        return ConfigurationError(f"{layer.origin}: {dotted(path)} is missing.")
    kind = kind_at(path)
    wanted = kind.wanted if kind is not None else "something else"
    return ConfigurationError(
        f"{layer.origin}: {dotted(path)} is {_shown(first['input'])}; it is {wanted}."
    )


def _shown(value: object) -> str:
    """Name a value; a text is not repeated, since it may be what was to stay secret."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float | Decimal):
        return str(value)
    return {"str": "a text that it can't be", "list": "a list", "dict": "a table"}.get(
        type(value).__name__, f"a {type(value).__name__}"
    )


class _Merged:
    """Layers laid on each other, the weakest first, with the origin of what is seen from above."""

    def __init__(self, defaults: Mapping[str, object]) -> None:
        self.values: dict[str, Any] = dict(defaults)
        self.origins: dict[str, str] = {}

    def add(self, values: Mapping[str, Any], origin: str) -> None:
        for name, other in (ONE_OF, ONE_OF[::-1]):
            if name in values:
                self.values.pop(other, None)
                self.origins.pop(other, None)
        self._lay(values, self.values, origin, ())

    def _lay(
        self, values: Mapping[str, Any], onto: dict[str, Any], origin: str, above: tuple[str, ...]
    ) -> None:
        for name, value in values.items():
            path = (*above, name)
            if isinstance(value, Mapping):
                table = cast("Mapping[str, Any]", value)
                self._lay(table, onto.setdefault(name, {}), origin, path)
            else:
                onto[name] = value
                self.origins[dotted(path)] = origin
