"""Where the standalone executable (standalone.spec) starts: the console command, without an installed package."""

import sys

from terraform_provider_ecgrid.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
