"""``python -m chaos.jobs.nursery URL``: a worker process for each line of its input, whose pid it prints.

They are forked from one that has imported everything: a worker that lives for a second or two must not spend
that on its imports.
"""

from __future__ import annotations

import os
import signal
import sys

from chaos.jobs.program import work

if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead need no burial
    for _ in iter(sys.stdin.readline, ""):
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            sys.stdin.close()
            work(sys.argv[1])
            os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
