"""`python -m benchmarks.fault_server`."""

from benchmarks.fault_server.server import main

if __name__ == "__main__":
    main()
