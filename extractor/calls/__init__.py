"""The call core: what happens around every request, written without waiting for anything itself."""
