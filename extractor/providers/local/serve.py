"""The child process behind `LocalServer`: llama.cpp's HTTP server and nothing of this package.

It is run as a script, so that it starts at once and needs no import path. Its standard output is
one JSON line with the server's URL; it ends when its standard input does, that is with its parent,
however the parent ends.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from typing import Any


def main() -> None:
    """Serve until standard input ends; the one argument is the options as JSON."""
    options: dict[str, Any] = json.loads(sys.argv[1])
    answer_to = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever native code prints belongs to the log
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    try:
        server = _server(options)
    except RuntimeError as error:
        sys.exit(str(error))
    with answer_to:
        json.dump({"url": server.listening_address}, answer_to)
    sys.stdin.buffer.read()
    os._exit(0)  # a reply under way is not waited for


def _server(options: dict[str, Any]) -> Any:
    llama: Any = importlib.import_module("xllamacpp")
    params = llama.CommonParams()
    params.model.path = options["model"]
    params.model_alias = {options["name"]}
    params.n_ctx = options["context"]
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = options["threads"]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.use_jinja = True
    params.verbosity = 1  # errors only
    params.warmup = False
    # Repacking the weights takes two seconds and 0.6 GB for a second copy, and gains no speed.
    params.no_extra_bufts = True
    params.fit_params = False  # no trial load to fit a graphics card
    params.cache_prompt = True
    params.cache_ram_mib = options["prompt_cache"]
    # Other users of the machine and pages in a browser are not shown what is being read.
    params.ui = False
    params.endpoint_slots = False
    params.cors_origins = ""
    return llama.Server(params)


if __name__ == "__main__":
    main()
