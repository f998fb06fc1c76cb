"""``python -m rambla``."""

from rambla.cli import main

main()
