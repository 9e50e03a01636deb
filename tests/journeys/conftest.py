"""Journeys on both databases, where a test asks for `database_url`."""

from tests.webhooks.conftest import database_url, postgres_template, postgres_url

__all__ = ["database_url", "postgres_template", "postgres_url"]
