"""What lxml has no names for: the type of its elements, its limits' errors."""

from __future__ import annotations

from typing import TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]

LIMIT_PASSED = "ERR_RESOURCE_LIMIT"
"""How libxml2 names the error of a tree that is too deep or a text that is too long."""
