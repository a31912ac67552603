"""Commands about a document, and what was found in it, that need no model."""
