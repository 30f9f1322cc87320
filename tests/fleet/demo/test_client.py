"""The demonstration's own client: it waits for a server that is slow to begin, and gives up on one that never does."""

from __future__ import annotations

import socket
import threading

import pytest

from fleet.demo.client import wait_until_answers


def test_a_server_that_takes_a_while_over_its_first_answer_is_waited_for() -> None:
    answer_now = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            caller, _ = listening.accept()
            with caller:
                caller.recv(1000)
                answer_now.wait(10)
                caller.sendall(b"HTTP/1.0 200 OK\r\n\r\n")

        server = threading.Thread(target=serve)
        server.start()
        threading.Timer(0.05, answer_now.set).start()
        wait_until_answers(f"http://127.0.0.1:{listening.getsockname()[1]}", seconds=10)
        server.join()


def test_a_server_that_never_answers_is_given_up_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        base = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(TimeoutError, match="Nothing was lost, but the server at"):
            wait_until_answers(base, seconds=0.05)
