"""What is spent, reserved and settled, attempt by attempt.

An attempt is written, and the most that it may cost set aside, before it is sent; its end replaces
that by what it did cost. So the sum of what is spent and set aside never passes a limit, however
many tasks, threads and processes send at once, and a crash leaves too much set aside, never too
little. It stays so until somebody says what the attempt cost (`SqliteLedger.reconcile`).
"""
