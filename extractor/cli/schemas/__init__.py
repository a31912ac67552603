"""The commands about schemas: `schema list`, `show`, `docs`, `diff`, `check`."""
