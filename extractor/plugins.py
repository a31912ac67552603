"""What users bring: schemas by entry-point name, `module:Class` or `file.py:Class`."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import zlib
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

from pydantic import BaseModel

from extractor.errors import ConfigurationError, did_you_mean

SCHEMAS = "extractor.schemas"
"""The entry-point group that schemas register in, ours by the same door as anybody's."""


def schema_names() -> list[str]:
    """Return the names of all installed schemas."""
    return sorted(entry_points(group=SCHEMAS).names)


def load_schema(name: str) -> type[BaseModel]:
    """Find a schema.

    Args:
        name: an installed schema's name, `package.module:Class` or `path/to/file.py:Class`.

    Raises:
        ConfigurationError: there is none, it can't be imported, or it is no Pydantic model.
    """
    try:
        found = _find(name)
    except ConfigurationError:
        raise
    except (Exception, SystemExit) as error:  # a script without a guard may well exit
        raise ConfigurationError(
            f"The schema {name} can't be imported: {type(error).__name__}: {error}"
        ) from error
    if not isinstance(found, type) or not issubclass(found, BaseModel):
        raise ConfigurationError(f"{name} is not a Pydantic model class.")
    return found


def absolute_name(schema: str) -> str:
    """Return a schema's name that is the same from every working folder.

    >>> absolute_name("nda")
    'nda'
    """
    file, colon, name = schema.rpartition(":")
    return f"{Path(file).resolve()}{colon}{name}" if file.endswith(".py") else schema


def _find(name: str) -> object:
    installed: tuple[EntryPoint, ...] = tuple(entry_points(group=SCHEMAS, name=name))
    if installed:
        return installed[0].load()
    where, colon, class_name = name.rpartition(":")
    if name.endswith(".py"):  # also where the path has a colon of its own
        where, colon, class_name = name, ":", ""
    if not colon:
        known = did_you_mean(name, schema_names(), among="Installed:")
        raise ConfigurationError(
            f"No schema is called {name!r}.",
            hint=f"{known} Your own: package.module:Class or file.py:Class.",
        )
    module = (
        _module_of_file(Path(where)) if where.endswith(".py") else importlib.import_module(where)
    )
    if not hasattr(module, class_name):
        what = f"has no class {class_name}" if class_name else "is named without a class"
        raise ConfigurationError(f"{where} {what}.", hint=_hint(class_name, where, module))
    return getattr(module, class_name)


def _hint(class_name: str, where: str, module: ModuleType) -> str:
    """Name the schemas of a module: those defined there, or else those that it passes on."""
    models = {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, BaseModel) and value is not BaseModel
    }
    own = [name for name, value in models.items() if value.__module__ == module.__name__]
    if not models:
        return f"{where} has no Pydantic model at all."
    return f"{did_you_mean(class_name, own or models, among='It has')} Write {where}:Class."


def _module_of_file(path: Path) -> ModuleType:
    """Run a file as a module of its own name, which hides no other of that name (`json.py`)."""
    if not path.is_file():
        raise ConfigurationError(f"No such file: {path}")
    name = f"{path.stem}_{zlib.crc32(bytes(path.resolve())):08x}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ConfigurationError(f"{path} is not a Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    folder = str(path.resolve().parent)
    if folder not in sys.path:
        sys.path.append(folder)  # what stands beside the file can be imported, as in a script
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
