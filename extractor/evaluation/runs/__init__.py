"""Evaluations that ask models: a matrix of runs over a data set, each in a journal of its own."""
