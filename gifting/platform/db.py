"""SQLAlchemy base, column types and mixins."""

import logging
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

logger = logging.getLogger(__name__)

NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; naive values are refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)


Money = Annotated[Decimal, mapped_column(sa.Numeric(14, 2))]
UnitCost = Annotated[Decimal, mapped_column(sa.Numeric(14, 4))]
Percent = Annotated[Decimal, mapped_column(sa.Numeric(5, 2))]
Moment = Annotated[datetime, mapped_column(UtcDateTime)]


def enum_column(enum: type[StrEnum]) -> sa.Enum:
    """Store the enum's value as text, held to the members by a CHECK."""
    return sa.Enum(
        enum,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        length=32,
        name=enum.__name__.lower(),
    )


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=NAMING)


class Versioned:
    """Optimistic locking: a stale write raises StaleDataError."""

    version: Mapped[int] = mapped_column()

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class CalmSession(Session):
    """A session whose end raises nothing when the database has gone meanwhile.

    What it read is read, what it committed is committed, and the server has undone the rest. The
    end of a request comes after its answer was made: an error there would take the answer back.
    """

    def close(self) -> None:
        try:
            super().close()
        except OperationalError:
            logger.warning("the database went away before a session was closed")


db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"class_": CalmSession})
