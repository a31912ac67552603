"""What the law of a place is called, by the words of the place's name that count."""

from __future__ import annotations

ADJECTIVES = {
    "english": "england wales", "scots": "scotland", "scottish": "scotland", "welsh": "wales",
    "irish": "ireland", "british": "britain", "french": "france", "german": "germany",
    "dutch": "netherlands", "belgian": "belgium", "swiss": "switzerland", "austrian": "austria",
    "italian": "italy", "spanish": "spain", "portuguese": "portugal", "swedish": "sweden",
    "danish": "denmark", "norwegian": "norway", "finnish": "finland", "polish": "poland",
    "canadian": "canada", "mexican": "mexico", "brazilian": "brazil", "indian": "india",
    "chinese": "china", "japanese": "japan", "australian": "australia", "israeli": "israel",
    "american": "united states america", "us": "united states america", "uk": "united kingdom",
    "californian": "california", "texan": "texas",
}  # fmt: skip
"""What the law of a place is called; "English law" is that of England and Wales."""
