"""Readers: one for each kind of file, found by media type among the installed entry points."""
