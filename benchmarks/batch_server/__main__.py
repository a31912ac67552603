"""`python -m benchmarks.batch_server`."""

from benchmarks.batch_server.server import main

main()
