"""The command `filterlang`, which `python -m filterlang` is as well."""

from __future__ import annotations

import sys

_INTERRUPTED = 130
"""As `ExitCode.INTERRUPTED`, which isn't loaded yet where this is needed."""


def main() -> int:
    """Run the command with the arguments of the process; return its exit code.

    Ctrl-C ends it quietly while modules are loaded, too, which is most of what a short one does.
    """
    try:
        from filterlang import cli

        return cli.main()
    except KeyboardInterrupt:
        return _INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
