"""`python -m dermfolio.local`."""

import sys

from dermfolio.local.cli import main

sys.exit(main())
