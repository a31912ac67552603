"""SQLite files of ours: how one is opened, and who writes it."""
