"""Runs by the providers' Batch APIs, in rounds: docs/batches.md says how."""
