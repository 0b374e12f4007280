"""Ties a program to the life of the process that starts it, then becomes that program (run as a script)."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def tie_to(parent: int) -> None:
    """Ask the kernel to kill this process when `parent` ends, however it ends; leave at once if it has ended already.

    The kernel's promise (Linux, prctl(2)) survives exec. The order matters: first the promise, then the look at the
    parent, so that a parent which dies in between is seen by one of the two. Elsewhere only the look remains.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def main(arguments: list[str]) -> None:
    """`tether.py PARENT PROGRAM [ARGUMENT ...]`; exit code 127 when the program cannot be started."""
    parent, command = int(arguments[0]), arguments[1:]
    tie_to(parent)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # an ignored signal would be inherited
    try:
        os.execv(command[0], command)  # noqa: S606  -- becoming the program is the purpose
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        os._exit(127)


if __name__ == "__main__":
    main(sys.argv[1:])
