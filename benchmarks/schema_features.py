"""How many Pydantic features reach a provider clean, by rules that somebody else wrote.

The file named by --features is imported, so it is trusted like any program. It has `M`, a dict of
Pydantic models by the name of the feature they show, and two checkers that return what breaks a
provider's documented rules: `check_openai(schema)` and `check_anth(schema, model)`. A feature
passes if its wire schema is clean, or if it is refused before anything is sent; refusals are named.

    python benchmarks/schema_features.py --features FILE
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import BaseModel

from extractor.errors import ConfigurationError
from extractor.providers.profiles import ANTHROPIC_RULES, OPENAI_RULES
from extractor.types import JsonObject, SchemaRules
from extractor.wire.compile import compile_schema
from extractor.wire.json_schema import wire_schema

Check: TypeAlias = Callable[[JsonObject, type[BaseModel]], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Features:
    """Somebody's catalogue: models by feature, and what finds fault with their wire schemas."""

    models: dict[str, type[BaseModel]]
    techniques: dict[str, tuple[SchemaRules, Check]]


def load(path: Path) -> Features:
    """Import a catalogue from any file."""
    spec = spec_from_file_location("catalogue", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is no Python file")
    module = module_from_spec(spec)
    sys.modules[spec.name] = module  # Pydantic looks forward references up there
    spec.loader.exec_module(module)
    return Features(
        module.M,
        {
            "strict": (OPENAI_RULES, lambda schema, _: module.check_openai(schema)),
            "native": (ANTHROPIC_RULES, module.check_anth),
        },
    )


def verdict(model: type[BaseModel], *, quotes: bool, rules: SchemaRules, check: Check) -> str:
    """Return "clean", "refused: ..." or "broken: ..."."""
    try:
        schema = wire_schema(compile_schema(model, quotes=quotes), rules).schema
    except ConfigurationError as error:
        return f"refused: {error.message}"
    found = check(schema, model)
    return f"broken: {'; '.join(found)}" if found else "clean"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each technique with and without quotes, and all that is not clean."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--features", type=Path, required=True, metavar="FILE")
    features = load(parser.parse_args(arguments).features)
    broken = 0
    for name, (rules, check) in features.techniques.items():
        for quotes in (False, True):
            verdicts: dict[str, Any] = {
                feature: verdict(model, quotes=quotes, rules=rules, check=check)
                for feature, model in features.models.items()
            }
            notable = {f: v for f, v in verdicts.items() if v != "clean"}
            failures = sum(v.startswith("broken") for v in notable.values())
            passed = len(verdicts) - failures
            words = "with quotes" if quotes else "without quotes"
            refused = len(notable) - failures
            print(f"{name}: {passed} of {len(verdicts)} ({words}; {refused} refused by name)")
            for feature, found in notable.items():
                print(f"    {feature}: {found}")
            broken += failures
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
