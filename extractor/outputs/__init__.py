"""Ways out of the toolkit, for programs and for people."""
