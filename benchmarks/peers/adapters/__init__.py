"""The systems, each as its own documentation shows it and not tuned further.

A module here is imported in its system's environment only, where its packages are. A new system
is a class here, a line in `systems`, and what it requires in `environments`.
"""
