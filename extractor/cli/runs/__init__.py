"""The commands about runs: `run`, `retry`, `status`, `show`, `export`."""
