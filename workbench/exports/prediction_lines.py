"""One prediction record to one line of JSON that fits the schema.

The first record is checked by jsonschema, and so is every one that is out of
the ordinary. An ordinary record says the same of its report, model and taxonomy
as the one before; the rest of it is of plain types, which are checked here at a
fiftieth of the cost. What passes here passes jsonschema: a test holds them together.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from workbench.errors import WorkbenchError
from workbench.exports.inputs import InputText
from workbench.records import Prediction

SCHEMA_FILE = "prediction.schema.json"

_SHARED = ("report", "report_id", "source", "thresholds", "model", "taxonomy", "predicted_at")
_MADE = ("model", "taxonomy", "predicted_at")
_STRETCH = ["start", "end", "text"]
_varying = itemgetter(
    "paragraph_id", "section", "text", "start", "end", "page", "codes", "scores", "evidence"
)
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def quote(text: str) -> str:
    """`text` as JSON, not only in ASCII; as json.dumps does it, at half the cost."""
    if text.isprintable():
        if '"' in text or "\\" in text:
            text = text.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{text}"'
    return encode_basestring(text)


class _Unusual(Exception):
    """A value is not of the plain type that an ordinary record has there."""


class LineEncoder:
    """Encodes records, one after the other."""

    def __init__(self) -> None:
        self._fields = tuple(prediction_schema()["required"])
        # Of the last record that jsonschema checked: its parts, these as JSON, its codes as JSON.
        self._held: dict[str, Any] = {}
        self._parts: dict[str, str] = {}
        self._codes: dict[str, str] = {}
        # For texts from outside: the codes it scored, their JSON with gaps, what follows.
        self._scored: tuple[str, ...] = ()
        self._scores = self._thresholds = self._maker = ""
        # What the last line said of its report, and that as JSON.
        self._reported: tuple[str | None, str | None] = (None, None)
        self._said = '"report_id": null, "source": null, '

    def encode(self, record: Mapping[str, Any], number: int) -> str:
        """The line of `record`, the `number`th.

        Raises WorkbenchError, naming the record and the field, where it breaks
        the schema.
        """
        if self._held and tuple(record) == self._fields:
            try:
                return self._encode_ordinary(record)
            except (_Unusual, KeyError, TypeError):
                pass
        return self._encode_any(record, number)

    def encode_text(self, line: InputText, prediction: Prediction) -> str | None:
        """The line of a prediction that says the same of what made it as the record before.

        `line` is as `read_input` gives it. None where no record has been encoded,
        or the prediction is out of the ordinary: `encode` then says what is wrong.
        """
        if not self._held or self._held["report"] is not None:
            return None
        codes, scores, name = prediction.codes, prediction.scores, line.paragraph_id
        if (line.report_id, line.source) != self._reported:
            self._reported = line.report_id, line.source
            self._said = (
                f'"report_id": {_encode(line.report_id)}, "source": {_encode(line.source)}, '
            )
        if tuple(scores) != self._scored or (len(codes) > 1 and len(set(codes)) < len(codes)):
            return None
        for score in scores.values():
            if type(score) is not float or not 0.0 <= score <= 1.0:
                return None
        given = carried = ""
        if codes:
            try:
                given = ", ".join([self._codes[code] for code in codes])
                carried = self._encode_evidence(prediction)
            except KeyError:
                return None
        return (
            f'{{"paragraph_id": {"null" if name is None else quote(name)}, "report": null, '
            f'{self._said}"section": [{", ".join([quote(heading) for heading in line.section])}], '
            f'"text": {quote(line.text)}, '
            f'"start": null, "end": null, "page": null, "codes": [{given}], '
            f'"scores": {self._scores % tuple(scores.values())}, "thresholds": {self._thresholds}, '
            f'"evidence": {{{carried}}}, {self._maker}'
        )

    def _encode_evidence(self, prediction: Prediction) -> str:
        """The stretches of each code as JSON; KeyError for one that was not given."""
        spoke: dict[str, list[str]] = {code: [] for code in prediction.codes}
        for find in prediction.evidence:
            spoke[find.code].append(
                f'{{"start": {find.start}, "end": {find.end}, "text": {quote(find.text)}}}'
            )
        quoted = self._codes
        return ", ".join([f"{quoted[code]}: [{', '.join(held)}]" for code, held in spoke.items()])

    def _encode_any(self, record: Mapping[str, Any], number: int) -> str:
        validator = _validator()
        if not validator.is_valid(record):
            problem = best_match(validator.iter_errors(record))
            field = problem.json_path.removeprefix("$").lstrip(".") or "the record"
            raise WorkbenchError(
                f"prediction {number}: {field}: {problem.message}",
                f"see the field in {SCHEMA_FILE}",
            )
        try:
            line = _encode(record)
        except ValueError as error:  # "not a number" is a number to the schema
            raise WorkbenchError(
                f"prediction {number}: {error}", "do not use this model; train again"
            ) from error
        self._held = {field: record[field] for field in _SHARED}
        self._parts = {field: _encode(record[field]) for field in _SHARED}
        self._codes = {code: quote(code) for code in record["thresholds"]}
        self._scored = tuple(record["scores"])
        gaps = ", ".join(quote(code).replace("%", "%%") + ": %r" for code in self._scored)
        self._scores, self._thresholds = f"{{{gaps}}}", self._parts["thresholds"]
        made = ", ".join(f'"{field}": {self._parts[field]}' for field in _MADE)
        self._maker = f"{made}}}"
        return line

    def _encode_ordinary(self, record: Mapping[str, Any]) -> str:
        for field, value in self._held.items():
            if record[field] != value:
                raise _Unusual
        name, section, text, start, end, page, codes, scores, evidence = _varying(record)
        for place in (start, end, page):
            if place is not None and (type(place) is not int or place < 0):
                raise _Unusual
        if not (type(section) is type(codes) is list and type(scores) is type(evidence) is dict):
            raise _Unusual
        if len(codes) > 1 and len(set(codes)) < len(codes):
            raise _Unusual
        for score in scores.values():
            if type(score) is not float or not 0.0 <= score <= 1.0:
                raise _Unusual
        quoted, parts = self._codes, self._parts
        headings = [_encode_text(heading) for heading in section]
        given = [quoted[code] for code in codes]
        weighed = [f"{quoted[code]}: {score!r}" for code, score in scores.items()]
        spoke = [f"{quoted[code]}: {_encode_stretches(evidence[code])}" for code in evidence]
        return (
            f'{{"paragraph_id": {"null" if name is None else _encode_text(name)}, '
            f'"report": {parts["report"]}, "report_id": {parts["report_id"]}, '
            f'"source": {parts["source"]}, "section": [{", ".join(headings)}], '
            f'"text": {_encode_text(text or None)}, '
            f'"start": {"null" if start is None else start}, '
            f'"end": {"null" if end is None else end}, '
            f'"page": {"null" if page is None else page}, '
            f'"codes": [{", ".join(given)}], "scores": {{{", ".join(weighed)}}}, '
            f'"thresholds": {parts["thresholds"]}, "evidence": {{{", ".join(spoke)}}}, '
            f'"model": {parts["model"]}, "taxonomy": {parts["taxonomy"]}, '
            f'"predicted_at": {parts["predicted_at"]}}}'
        )


def prediction_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one line."""
    text = (resources.files("workbench.exports") / SCHEMA_FILE).read_text(encoding="utf-8")
    return json.loads(text)


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(prediction_schema())


def _encode_text(value: Any) -> str:
    if type(value) is not str:
        raise _Unusual
    return quote(value)


def _encode_stretches(stretches: Any) -> str:
    if type(stretches) is not list:
        raise _Unusual
    encoded = []
    for stretch in stretches:
        if type(stretch) is not dict or list(stretch) != _STRETCH:
            raise _Unusual
        start, end, text = stretch.values()
        if not (type(start) is type(end) is int and start >= 0 and end >= 1):
            raise _Unusual
        encoded.append(f'{{"start": {start}, "end": {end}, "text": {_encode_text(text or None)}}}')
    return f"[{', '.join(encoded)}]"
