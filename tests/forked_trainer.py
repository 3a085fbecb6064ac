"""A trainer that starts at once: forked from a process that has imported torch already.

Importing torch, and what its optimizers need, takes five seconds of processor time, and the tests
start some two hundred trainers. `--serve ADDRESS` imports it once. `ADDRESS ARGUMENTS` does what
`python -m trainer ARGUMENTS` would do: the server forks a child with the arguments, environment,
folder and standard streams of this client. SIGINT and SIGTERM are passed on to the child, the
client ends as the child ends, and a client that is killed takes the child along. For Linux; used by
the fixtures `trainer_command` and `quick_trainer`.
"""

import atexit
import gc
import json
import os
import signal
import socket
import struct
import sys
import threading
import warnings
from contextlib import suppress
from select import select
from types import FrameType

_LENGTH = struct.Struct("!I")
_STATUS = struct.Struct("!i")


def _call(address: str, arguments: list[str]) -> int:
    """Have a child forked and wait for it."""
    with socket.socket(socket.AF_UNIX) as server:
        server.connect("\0" + address)
        folder = os.getcwd()  # noqa: PTH109 (`pathlib` takes as long to import as all the rest)
        request = json.dumps([arguments, dict(os.environ), folder, os.nice(0)]).encode()
        socket.send_fds(server, [_LENGTH.pack(len(request))], [0, 1, 2])
        server.sendall(request)

        def forward(number: int, _frame: FrameType | None) -> None:
            server.send(bytes([number]))

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, forward)
        (status,) = _STATUS.unpack(server.recv(_STATUS.size))
    if status < 0:
        if status != -signal.SIGKILL:
            signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    return int(status)


def _serve(address: str) -> list[str]:
    """Have children forked until standard input is closed; in a child, return its arguments."""
    import torch._dynamo  # noqa: F401 (for all children)

    gc.freeze()  # or each child copies the pages of all objects with its first collection
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("\0" + address)
        listener.listen()
        os.write(1, b"ready\n")
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while listener.fileno() in select([listener.fileno(), 0], [], [])[0]:
            client, _ = listener.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                break
            client.close()
        else:
            sys.exit()
    return _guard(client)


def _guard(client: socket.socket) -> list[str]:
    """Pass signals on to a child, and its end to the client; in the child, return its arguments."""
    head, streams, *_ = socket.recv_fds(client, _LENGTH.size, 3)
    (length,) = _LENGTH.unpack(head)
    request: tuple[list[str], dict[str, str], str, int]
    request = json.loads(client.recv(length, socket.MSG_WAITALL))
    child = os.fork()
    if child == 0:
        client.close()
        return _become(*request, streams)
    for stream in streams:
        os.close(stream)
    ended = os.pidfd_open(child)
    while ended not in select([ended, client.fileno()], [], [])[0]:
        number = client.recv(1)
        os.kill(child, number[0] if number else signal.SIGKILL)
        if not number:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    with suppress(BrokenPipeError):  # it has been killed
        client.send(_STATUS.pack(os.waitstatus_to_exitcode(status)))
    os._exit(0)


def _become(
    arguments: list[str],
    environment: dict[str, str],
    folder: str,
    niceness: int,
    streams: list[int],
) -> list[str]:
    """Take over what the client was started with."""
    for target, stream in enumerate(streams):
        os.dup2(stream, target)
        os.close(stream)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    os.nice(niceness - os.nice(0))
    return arguments


def _train(arguments: list[str]) -> int:
    """What `python -m trainer` does."""
    if os.environ.get("PYTHONWARNINGS") == "error":
        warnings.simplefilter("error")
    sys.argv[1:] = arguments
    exec(os.environ.get("FORKED_TRAINER_SETUP", ""))  # what a test changes in its trainers
    from trainer.cli import main

    return main(arguments)


def _leave(code: int) -> None:
    """End the process without a second spent on freeing all that was imported."""
    threading._shutdown()  # type: ignore[attr-defined]  # as in `multiprocessing`
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    if sys.argv[1] != "--serve":
        sys.exit(_call(sys.argv[1], sys.argv[2:]))
    _leave(_train(_serve(sys.argv[2])))
