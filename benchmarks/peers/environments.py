"""One virtual environment a system, so that none drags another one's versions down.

They are made with `uv` on first use, in the user's cache folder, for the Python that runs this.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The top of the repository."""

OURS = "ours"
"""The environment that this runs in."""
REQUIREMENTS: Mapping[str, tuple[str, ...]] = {
    "plain": ("openai", "httpx-aiohttp", "aiohttp", "orjson", "pydantic"),
    "instructor": ("instructor", "openai", "tqdm"),  # its command line forgets to ask for tqdm
    "langextract": ("langextract[openai]",),
    "pydanticai": ("pydantic-ai-slim[openai]",),
    "litellm": ("litellm",),
    "curator": ("bespokelabs-curator",),
    "baml": ("baml-py==0.226.3", "pydantic"),  # contract.baml states the version too
}
_BAML_SOURCE = ROOT / "benchmarks" / "peers" / "adapters" / "contract.baml"


def folder(name: str) -> Path:
    """Return where an environment is, or will be."""
    if name == OURS:
        return Path(sys.prefix)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "contract-extractor" / "peers" / name


def python(name: str) -> Path:
    """Return the interpreter of an environment, which is made if it is not there yet.

    Raises:
        subprocess.CalledProcessError: it can't be made.
    """
    if name == OURS:
        return Path(sys.executable)
    made = folder(name)
    interpreter, needs = made / "bin" / "python", REQUIREMENTS[name]
    stamp = made / "requirements.txt"  # written last: what is half made, is made again
    wanted = "\n".join((sys.version, *needs))
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        print(f"Making the environment {name} in {made} ...", file=sys.stderr)
        shutil.rmtree(made, ignore_errors=True)
        _run("uv", "venv", "--quiet", "--python", sys.executable, str(made))
        _run("uv", "pip", "install", "--quiet", "--python", str(interpreter), *needs)
        if name == "baml":
            _generate(made)
        stamp.write_text(wanted, encoding="utf-8")
    return interpreter


def variables(name: str) -> dict[str, str]:
    """Return the environment variables that a system is run with.

    BAML's generated client is in its environment's folder, and so that is on the path.
    """
    return os.environ | {
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(folder(name)))),
        "PYTHONWARNINGS": "ignore",
        "OPENAI_API_KEY": "k",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # LiteLLM and curator: no download at import
    }


def _generate(made: Path) -> None:
    """Have BAML generate its client from our source."""
    source = made / "baml_src"
    source.mkdir()
    shutil.copy(_BAML_SOURCE, source)
    _run(str(made / "bin" / "baml-cli"), "generate", "--from", str(source))


def _run(*command: str) -> None:
    # The project's folder is where uv finds the day that no package may be younger than.
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
