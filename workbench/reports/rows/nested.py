"""Values inside records of JSON and Parquet, found by key, or by a path of keys with dots."""

from collections.abc import Iterator, Mapping, Sequence

from workbench.reports.rows.fields import Fields, Row, RowMaker, no_such_field
from workbench.reports.rows.values import has_words

_DEPTH = 3


class Finder:
    """Makes rows of records; remembers which fields it has met in any of them."""

    def __init__(self, fields: Fields, origin: str) -> None:
        self._maker = RowMaker(fields, origin)
        self._origin = origin
        self._paths = [(name, tuple(name.split("."))) for name in self._maker.names]
        self._unmet = set(self._maker.names)
        self._there: dict[str, None] = {}
        self._required = (fields.text, fields.id, fields.group)
        self._any = False

    @property
    def names(self) -> Sequence[str]:
        """The fields that are asked for."""
        return self._maker.names

    def find(self, record: Mapping[str, object], place: str) -> Row:
        """The row of a record; ReportError where text, id or group is missing, or a value wrong."""
        self._any = True
        values: list[object] = []  # the first is the text's
        for name, path in self._paths:
            value = record.get(name, _MISSING)
            if value is _MISSING and len(path) > 1:
                value = _descend(record, path)
            if value is _MISSING:
                if name in self._required and (not values or has_words(str(values[0] or ""))):
                    raise no_such_field(f"{self._origin}, {place}", name, list_names(record))
                value = None
            elif name in self._unmet:
                self._unmet.discard(name)
            values.append(value)
        if self._unmet:
            self._there.update(dict.fromkeys(list_names(record)))
        return self._maker.make(values, place)

    def check_all_found(self) -> None:
        """ReportError for a field that no record had."""
        if self._any and self._unmet:
            name = next(name for name in self.names if name in self._unmet)
            raise no_such_field(self._origin, name, self._there)


class _Missing:
    """No value, where None is one."""


_MISSING = _Missing()


def _descend(record: Mapping[str, object], path: Sequence[str]) -> object:
    value: object = record
    for step in path:
        if value is None:
            return None  # the whole object is null
        if not isinstance(value, Mapping) or step not in value:
            return _MISSING
        value = value[step]
    return value


def list_names(record: Mapping[str, object], before: str = "", depth: int = 1) -> Iterator[str]:
    """The fields of a record, those inside others with dots."""
    for name, value in record.items():
        if isinstance(value, Mapping) and value and depth < _DEPTH:
            yield from list_names(value, f"{before}{name}.", depth + 1)
        else:
            yield f"{before}{name}"
