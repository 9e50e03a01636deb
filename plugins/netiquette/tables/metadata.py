"""The one collection that all tables of the plugin belong to."""

from sqlalchemy import MetaData

metadata = MetaData()
