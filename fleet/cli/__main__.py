"""`python -m fleet.cli`: the `doorstep` command for children of ours that have no script on their path."""

from __future__ import annotations

from fleet.cli.main import main

if __name__ == "__main__":
    main()
