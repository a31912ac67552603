"""A server of ours in a process of its own, and its pages for whoever makes a trial."""

from __future__ import annotations

import http.client
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from urllib.parse import urlsplit


@contextmanager
def started(module: str) -> Generator[list[str]]:
    """Start a server, yield the addresses that it prints, and end it with the block."""
    command = [sys.executable, "-m", module]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None or not (line := process.stdout.readline()):
                raise RuntimeError(f"{module} did not start.")
            yield line.split()
        finally:
            process.terminate()


def ask(url: str, method: str, path: str, content: bytes | None = None) -> bytes:
    """Ask one of a server's own pages."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.request(method, path, content)
        answer = connection.getresponse()
        read = answer.read()
    finally:
        connection.close()
    if answer.status != http.HTTPStatus.OK:
        raise RuntimeError(f"The server answered {answer.status}: {read[:500]!r}")
    return read
