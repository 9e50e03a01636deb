"""What all tables of the host share: their metadata, their prefix, their `site`."""

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_Number = BigInteger().with_variant(Integer, "sqlite")


def rows(name: str, *parts: Any) -> Table:
    """A table of numbered rows."""
    return Table(
        f"host_{name}",
        metadata,
        Column("id", _Number, primary_key=True),
        Column("site", Integer, nullable=False),
        *parts,
    )


def named(name: str, *parts: Any) -> Table:
    """A table whose rows are found by their own names."""
    return Table(f"host_{name}", metadata, Column("site", Integer, primary_key=True, autoincrement=False), *parts)
