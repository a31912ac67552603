"""What commands take that ask a model, or read contracts as those do; and figures as options."""

from __future__ import annotations

import argparse
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import get_args

from extractor.choices import BackendName, CacheMode, CoverageMode, OcrMode, ReasoningEffort
from extractor.types import EvidenceMode, Unverified

BACKENDS = get_args(BackendName)
"""The techniques, `auto` first."""


_DIGITS = 18
"""Of a whole number at most: what Python counts with."""


def count(text: str) -> int:
    if not text.isdecimal() or len(text) > _DIGITS or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)


def dollars(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no amount of dollars, such as 0.0125")
    return amount


def limit(text: str) -> Decimal:
    amount = dollars(text)
    if not amount:
        raise argparse.ArgumentTypeError(f"{text!r} is no amount of dollars above 0")
    return amount


def seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return seconds


def words(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def add_question_options(parser: argparse.ArgumentParser) -> None:
    """Add what is asked of whom."""
    add_model_options(parser)
    add_wording_options(parser)
    parser.add_argument(
        "--models", type=words, metavar="A,B", help="ask the next where one can't be had"
    )


def add_wording_options(parser: argparse.ArgumentParser) -> None:
    """Add how it is asked, whoever answers."""
    parser.add_argument("--instructions", help="words of your own for the prompt, after ours")
    parser.add_argument(
        "--max-attempts", type=count, metavar="N", help="replies that may be asked for"
    )
    parser.add_argument("--max-tokens", type=count, metavar="N", help="what the document may cost")
    parser.add_argument(
        "--coverage",
        choices=get_args(CoverageMode),
        help="show the model all, or only likely passages; default: full",
    )


def add_model_options(parser: argparse.ArgumentParser, *, schema: bool = True) -> None:
    """Add who answers, by which technique and templates, about which schema."""
    add_settings_options(parser)
    if schema:
        add_schema(parser)
    parser.add_argument(
        "--model",
        metavar="PROVIDER:NAME",
        help="such as openai:gpt-5.4-mini; default: as configured, else the embedded model",
    )
    parser.add_argument("--backend", choices=BACKENDS, help="the technique; default: auto")
    parser.add_argument("--prompts", metavar="DIR", help="templates of your own, by name")
    add_proof_options(parser)


def add_schema(parser: argparse.ArgumentParser) -> None:
    """Add the schema, which has to be named."""
    parser.add_argument(
        "--schema",
        required=True,
        metavar="SCHEMA",
        help="an installed schema's name, package.module:Class or file.py:Class",
    )


def add_proof_options(parser: argparse.ArgumentParser) -> None:
    """Add how hard a model thinks, what is asked for as proof, and where the requests go."""
    parser.add_argument(
        "--reasoning-effort",
        choices=get_args(ReasoningEffort),
        help="how much a reasoning model is to think; default: the provider's",
    )
    parser.add_argument("--evidence", choices=get_args(EvidenceMode), help="default: quotes")
    parser.add_argument(
        "--unverified",
        choices=get_args(Unverified),
        help="values that no quote proves; default: drop, where the schema can do without them",
    )
    parser.add_argument(
        "--second-look",
        action=argparse.BooleanOptionalAction,
        help="look once more for what is vital or needed, and not proved; default: yes",
    )
    parser.add_argument("--base-url", metavar="URL", help="where the provider's requests go")


def add_call_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--race", action="store_true", default=None, help="ask the first two at once"
    )
    parser.add_argument("--max-usd", type=limit, metavar="X", help="that the document may cost")
    add_waiting_options(parser)
    parser.add_argument("--store", metavar="FILE", help="the ledger, if not the usual one")


def add_waiting_options(parser: argparse.ArgumentParser) -> None:
    """Add on what conditions it is asked."""
    parser.add_argument(
        "--deadline", type=seconds, metavar="SECONDS", help="that a document may take"
    )
    parser.add_argument("--user", metavar="NAME", help="on whose account, for records and limits")
    parser.add_argument(
        "--cache", choices=get_args(CacheMode), help="use and keep replies; default: off"
    )


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--password",
        help="of an encrypted file; - asks for it, or reads it from stdin. Other users can see the "
        "command's words: EXTRACTOR_PASSWORD is read too",
    )
    parser.add_argument(
        "--ocr", choices=get_args(OcrMode), default="auto", help="of scanned pages; default: auto"
    )
    parser.add_argument(
        "--hidden", action="store_true", help="take in text that the file does not show"
    )


def add_settings_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", metavar="NAME", help="a profile of extractor.toml")
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="read this file, not ./extractor.toml"
    )
