"""The command line: `extractor --help`. Data goes to stdout, words for people to stderr."""

from extractor.cli.main import main

__all__ = ["main"]
