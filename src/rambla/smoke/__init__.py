"""Every promise of the product, tried against the running instance."""

from rambla.smoke.run import run

__all__ = ["run"]
