"""Rambla: the backend of a social-commerce app in one PostgreSQL."""

__version__ = "0.1.0"
