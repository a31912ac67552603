"""Commands that set up a folder, and say how this installation is set up."""
