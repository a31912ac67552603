"""The HTML report in a browser: a hundred hostile texts that must run nothing, axe-core's rules.

    uv run --with playwright --with axe-core-python python -m benchmarks.report_page [REPORT.html]

Each text is in a contract, its gold, the model's value, quote and reply, and so in the report's
drill-down. Chromium (/usr/bin/chromium, or `--chromium`) opens the page with every part unfolded;
none of the texts may set the mark that they try to set, load anything, or show a dialog. Then
axe-core looks for what breaks WCAG 2.2 A and AA. With REPORT.html that file is looked at instead.
Exits with 1 if anything runs or breaks a rule.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from extractor.cli import main as extractor

_RUN = "document.documentElement.dataset.ran=1"
_TAGS = (
    *(f"<script>{_RUN}</script>", f"<SCRIPT SRC=x onerror={_RUN}></SCRIPT>"),
    *(f"<img src=x onerror={_RUN}>", f"<svg onload={_RUN}>", f"<body onload={_RUN}>"),
    *(f"<iframe srcdoc='<script>parent.{_RUN}</script>'>", f"<details ontoggle={_RUN} open>"),
    *(f"<a href=javascript:{_RUN}>x</a>", f"<form><button formaction=javascript:{_RUN}>"),
    *(f"<style>@import 'x'</style><b style=x:expression({_RUN})>", "<link rel=stylesheet href=x>"),
    *(f"<object data=javascript:{_RUN}>", f"<embed src=javascript:{_RUN}>", "<base href=//e.x/>"),
    *(
        f"<meta http-equiv=refresh content='0;url=javascript:{_RUN}'>",
        f"<math href=javascript:{_RUN}>",
    ),
    *(f"<input autofocus onfocus={_RUN}>", f"<video><source onerror={_RUN}>", "<template><p>"),
    f"<marquee onstart={_RUN}>",
)
_BREAKS = ("", '">', "'>", "--></style></title></textarea>", "]]></svg></pre></code>")
"""What a text may end first: an attribute, a comment, the element that it stands in."""

HOSTILE = tuple(f"{way_out}{tag}" for way_out in _BREAKS for tag in _TAGS)
"""A hundred texts."""

_AXE = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


class Titles(BaseModel):
    """What is asked of each contract."""

    title: str | None = None


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the report, look at it, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("report", nargs="?", type=Path)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--screenshot", type=Path)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        page = options.report or _hostile_report(Path(folder))
        found = _seen(page.resolve(), options)
    shown = sum(page_text in found["text"] for page_text in map(_spaced, HOSTILE))
    print(f"{page.name}: ran {found['ran']}, dialogs {found['dialogs']}, loaded {found['loaded']}")
    if options.report is None:
        print(f"{shown} of {len(HOSTILE)} hostile texts are shown as texts")
    print(f"axe-core: {len(found['violations'])} violations", *found["violations"], sep="\n  ")
    is_safe = not (found["ran"] or found["dialogs"] or found["loaded"] or found["violations"])
    return 0 if is_safe and (options.report or shown == len(HOSTILE)) else 1


def _hostile_report(folder: Path) -> Path:
    """Evaluate a data set of hostile contracts with a scripted model, and write the report."""
    (folder / "data").mkdir()
    lines = [
        {
            "doc_id": f"d{number:03}",
            "text": f"The title is {text} and nothing else. It was agreed by both parties.",
            "gold": {"title": f"{text} (gold)"},
            "gold_status": {"title": "value"},
            "evidence": {"title": [{"text": text, "start": 13, "end": 13 + len(text)}]},
            "source": text,
        }
        for number, text in enumerate(HOSTILE)
    ]
    replies = [{"title": {"quote": text, "value": f"{text} zzzzzzzzzzzz"}} for text in HOSTILE]
    (folder / "data" / "contracts.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    (folder / "script.json").write_text(json.dumps([json.dumps(each) for each in replies]), "utf-8")
    os.environ["EXTRACTOR_STORE"] = str(folder / "calls.sqlite")
    asked = ["--schema", f"{__spec__.name}:Titles", "--model", f"scripted:{folder / 'script.json'}"]
    asked += ["--techniques", "json", "--evidence", "quotes", "--unverified", "keep"]
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()) as said,
    ):
        out = ["--out", str(folder / "out"), "--concurrency", "1", "--no-second-look"]
        code = extractor(["eval", str(folder / "data"), *asked, *out])
        report = folder / "report.html"
        code = code or extractor(["eval", "report", str(folder / "out"), "-o", str(report)])
    if code:
        raise SystemExit(said.getvalue())
    return report


def _seen(page: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Open a page, unfold it, and say what ran, what it loaded, and what axe-core finds."""
    playwright: Any = import_module("playwright.sync_api")
    axe = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=options.chromium, args=flags)
        tab = browser.new_page(viewport={"width": 1280, "height": 1000})
        loaded: list[str] = []
        dialogs: list[str] = []
        tab.on("request", partial(_note, loaded, "url"))
        tab.on("dialog", partial(_note, dialogs, "message"))
        tab.goto(page.as_uri())
        tab.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        tab.wait_for_timeout(1_000)
        found: dict[str, Any] = {
            "ran": tab.evaluate("document.documentElement.dataset.ran || ''"),
            "dialogs": len(dialogs),
            "loaded": len([url for url in loaded if url != page.as_uri()]),
            "text": _spaced(tab.evaluate("document.body.textContent")),
        }
        tab.evaluate(axe)
        rules = {"runOnly": list(_AXE)}
        told = tab.evaluate("rules => axe.run(document, rules)", rules)
        found["violations"] = [f"{v['id']}: {v['help']}" for v in told["violations"]]
        if options.screenshot:
            tab.evaluate("document.querySelectorAll('details').forEach(each => each.open = false)")
            tab.screenshot(path=str(options.screenshot), full_page=True)
        browser.close()
    return found


def _note(noted: list[str], name: str, event: Any) -> None:
    noted.append(getattr(event, name))


def _spaced(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    sys.exit(main())
