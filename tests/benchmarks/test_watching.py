"""What a trial watches of its process: that it sees what it is there to see."""

from __future__ import annotations

import socket
import threading

from benchmarks.watching import Watch, watched


def test_a_process_that_is_left_as_it_was_found_has_no_complaints() -> None:
    with watched() as watch:
        with socket.socket():
            pass
        thread = threading.Thread(target=lambda: None)
        thread.start()
        thread.join()
    assert watch.complaints == []


def test_a_socket_and_a_thread_that_are_left_are_named() -> None:
    ended = threading.Event()
    with watched() as watch:
        left = socket.socket()
        thread = threading.Thread(target=ended.wait, name="straggler", daemon=True)
        thread.start()
    ended.set()
    thread.join()
    left.close()
    assert watch.complaints == ["1 threads are left: straggler", "1 sockets are left open"]


def test_a_socket_that_only_the_collector_closes_is_named() -> None:
    with watched() as watch:
        cycle: list[object] = [socket.socket()]
        cycle.append(cycle)
        del cycle
    assert len(watch.complaints) == 1
    assert "unclosed <socket.socket" in watch.complaints[0]


def test_what_a_thread_dies_of_is_named() -> None:
    def die() -> None:
        raise KeyError("oops")

    with watched() as watch:
        thread = threading.Thread(target=die)
        thread.start()
        thread.join()
    assert watch.complaints == ["in a thread: KeyError('oops')"]


def test_growth_compares_the_least_of_the_last_third_with_that_of_the_one_before() -> None:
    assert Watch(resident=[100, 120, 141, 121, 122, 160]).growth() == 1
    assert Watch(resident=[100, 110, 120, 130, 140, 150]).growth() == 20
    assert Watch(resident=[100, 110]).growth() == 0
