"""A contract in several documents: their roles and order, and which of their words hold."""
