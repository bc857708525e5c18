"""How Python types become columns, and what every table has in common."""

from __future__ import annotations

import datetime as dt
import enum
import json
import uuid
from typing import Annotated, Any

from sqlalchemy import DateTime, Enum, MetaData, SmallInteger, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, mapped_column
from sqlalchemy.types import TypeDecorator

from nachtlicht.risk import RiskLevel
from nachtlicht.store.crypto import DataKey, place

key = Annotated[uuid.UUID, mapped_column(Uuid(), primary_key=True)]


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A moment with its zone; stored and given back in UTC.

    SQLite drops zones: what comes back from it would look like local time. A moment
    without a zone is refused on the way in, as nobody can say what it means.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Turn `value` into UTC; raises ValueError when it has no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no zone")
        return value.astimezone(dt.UTC)

    def process_result_value(
        self, value: dt.datetime | None, dialect: Dialect
    ) -> dt.datetime | None:
        """Give `value` back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class LevelNumber(TypeDecorator[RiskLevel]):
    """A risk level as a small number, so that ORDER BY means urgency on every database.

    SQLAlchemy's own enum column sorts by name on SQLite: ACUTE would come last.
    """

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: RiskLevel | None, dialect: Dialect) -> int | None:
        """Store the number of the level."""
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> RiskLevel | None:
        """Give the level back."""
        return None if value is None else RiskLevel(value)


def _values(kind: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in kind]


class Base(MappedAsDataclass, DeclarativeBase):
    """The root of all tables. Each class asks for `kw_only=True` itself; mypy wants it there."""

    # Every constraint has a name, so that a migration can drop it.
    metadata = MetaData(
        naming_convention={
            "ix": "ix__%(table_name)s__%(column_0_N_name)s",
            "uq": "uq__%(table_name)s__%(column_0_N_name)s",
            "ck": "ck__%(table_name)s__%(constraint_name)s",
            "fk": "fk__%(table_name)s__%(column_0_N_name)s__%(referred_table_name)s",
            "pk": "pk__%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        dt.datetime: UtcDateTime,
        RiskLevel: LevelNumber,
        enum.Enum: Enum(enum.Enum, native_enum=False, values_callable=_values, length=32),
    }


class Sealed:
    """Seals and opens the encrypted columns of a row that has an `id`.

    The place (table, column, row) is part of what is authenticated: a box that someone moves
    to another row or column does not open.
    """

    __tablename__: str

    def seal(self, key: DataKey, column: str, value: Any) -> None:
        """Encrypt `value` (anything JSON can hold) into `column`; None empties it."""
        if not hasattr(type(self), column):
            raise AttributeError(f"{type(self).__name__} has no column {column!r}")
        setattr(self, column, self.sealed(key, column, self.row_name(), value))

    def unseal(self, key: DataKey, column: str) -> Any:
        """Decrypt `column`; None when it is empty.

        Raises:
            SealError: the box was not made with `key`, or not for this place.
        """
        return self.opened(key, column, self.row_name(), getattr(self, column))

    @classmethod
    def sealed(cls, key: DataKey, column: str, row: object, value: Any) -> bytes | None:
        """Encrypt `value` for a column of the row called `row`, which is stored without an object.

        None when there is no value. `opened` opens it.
        """
        if value is None:
            return None
        where = place(cls.__tablename__, column, str(row))
        return key.seal(json.dumps(value, ensure_ascii=False).encode(), where)

    @classmethod
    def opened(cls, key: DataKey, column: str, row: object, box: bytes | None) -> Any:
        """Decrypt a `box` that was selected as a column of the row called `row`."""
        where = place(cls.__tablename__, column, str(row))
        return None if box is None else json.loads(key.open(box, where))

    def row_name(self) -> str:
        """The name of this row inside its table, as it is authenticated."""
        return str(self.id)  # type: ignore[attr-defined]
