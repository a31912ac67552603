"""Commands about one contract and a model: `extract`, `estimate`, `prompt`, `parse`."""
