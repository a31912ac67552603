"""Scores for others: JSON, Markdown, JUnit, and one HTML file that needs nothing else."""
