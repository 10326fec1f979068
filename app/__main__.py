"""`python -m app` is `reelfind`; a frozen build begins here too.

With `--run-task` it is a child process of another one (`app/processes/entry.py`) and loads no command line.
"""

import sys

from app.processes import RUN_TASK

if sys.argv[1:2] == [RUN_TASK]:
    from app.processes.entry import run_task

    run_task(sys.argv[2:])
else:
    sys.argv[0] = "reelfind"  # before the command line is loaded, which looks at it

    from app.cli import main

    main()
