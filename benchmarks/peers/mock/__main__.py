"""`python -m benchmarks.peers.mock`."""

from benchmarks.peers.mock.protocol import main

if __name__ == "__main__":
    main()
