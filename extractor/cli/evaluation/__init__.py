"""The commands about evaluations: `eval` and `compare`."""
