"""`python -m extractor` is the same as `extractor`."""

import sys

from extractor.cli import main

sys.exit(main())
