"""The codebook: what the codes mean, read from YAML and checked field by field."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from workbench.errors import CodebookError

CODE_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
HINT = re.compile(r"[^\W\d_]{2,}\*?")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
#: Stands for "no code applies" on the labelling page, so no code may be called this.
NONE = "none"


@dataclass(frozen=True, slots=True)
class Code:
    """One code of the taxonomy, in the words that a coder reads.

    `phrases` and `headings` are indicator phrases: whole words in any case,
    ``*`` at the end of a word standing for any ending. `hints` are single words
    of the same kind, in lower case, too weak to label by themselves.
    """

    code: str
    name: str
    definition: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    examples: tuple[str, ...]
    instruments: tuple[str, ...]
    phrases: tuple[str, ...]
    headings: tuple[str, ...]
    colour: str
    hotkey: str
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Codebook:
    """A taxonomy; `sha256` is the hash of its file's bytes, line ends apart."""

    name: str
    version: str
    title: str
    unit: str
    applies: str
    rules: tuple[str, ...]
    none_label: str
    none_hotkey: str
    none_colour: str
    codes: tuple[Code, ...]
    sha256: str

    @property
    def code_names(self) -> tuple[str, ...]:
        """The codes' short names, in the order of the file."""
        return tuple(code.code for code in self.codes)


def load_codebook(path: Path) -> Codebook:
    """Read the codebook at `path`; CodebookError names the file and the field."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CodebookError(
            f"{path}: no such taxonomy file",
            "run `workbench init` to write the default one, or set taxonomy.file",
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise CodebookError(
            f"{path}: cannot be read as UTF-8 text", "name a YAML file saved as UTF-8"
        ) from error
    return parse_codebook(text, str(path))


def default_codebook_text() -> str:
    """The default codebook as shipped: from the wheel, or from the checkout's taxonomy/."""
    shipped = resources.files("workbench.taxonomy") / "rights.yaml"
    if not shipped.is_file():
        shipped = Path(__file__).resolve().parents[2] / "taxonomy" / "rights.yaml"
    return shipped.read_text(encoding="utf-8")


def parse_codebook(text: str, origin: str) -> Codebook:
    """Check YAML `text` and return the codebook; `origin` names it in errors."""
    try:
        data = _load_yaml(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "not YAML"
        raise CodebookError(f"{origin}{where}: {problem}", "mend the YAML there") from error
    top = _Fields(data, origin)
    none = _Fields(top.take("none", dict, {}), f"{origin}: none")
    entries = top.take("codes", list)
    if not entries:
        raise CodebookError(f"{origin}: codes: the list is empty", "write at least one code")
    codebook = Codebook(
        name=top.take("name", str),
        version=str(top.take("version", (str, int, float))),
        title=top.take("title", str, ""),
        unit=top.take("unit", str, ""),
        applies=top.take("applies", str, ""),
        rules=top.texts("rules"),
        none_label=none.take("label", str, "None of these"),
        none_hotkey=str(none.take("hotkey", (str, int), "0")),
        none_colour=none.take("colour", str, "#6b7280"),
        codes=tuple(_read_code(entry, i, origin) for i, entry in enumerate(entries, 1)),
        sha256=hashlib.sha256("\n".join(text.splitlines()).encode()).hexdigest(),
    )
    top.refuse_rest()
    none.refuse_rest()
    _check_whole(codebook, origin)
    return codebook


def _load_yaml(text: str) -> Any:
    """YAML as plain types; read in C, and again in Python where only that tells what is wrong."""
    try:
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except (AttributeError, yaml.YAMLError):
        return yaml.safe_load(text)


def _read_code(entry: Any, number: int, origin: str) -> Code:
    name = entry.get("code") if isinstance(entry, Mapping) else None
    fields = _Fields(entry, f"{origin}: codes, {name or f'number {number}'}")
    code = Code(
        code=fields.take("code", str),
        name=fields.take("name", str),
        definition=fields.take("definition", str),
        include=fields.texts("include"),
        exclude=fields.texts("exclude"),
        examples=fields.texts("examples"),
        instruments=fields.texts("instruments"),
        phrases=fields.texts("phrases"),
        headings=fields.texts("headings"),
        colour=fields.take("colour", str),
        hotkey=str(fields.take("hotkey", (str, int))),
        hints=tuple(hint.lower() for hint in fields.texts("hints")),
    )
    fields.refuse_rest()
    if not CODE_NAME.fullmatch(code.code) or code.code == NONE:
        raise fields.error(
            "code", f"{code.code!r} is not usable", "use lower-case letters, digits, - or _"
        )
    if not COLOUR.fullmatch(code.colour):
        raise fields.error("colour", f"{code.colour!r} is not a colour", 'write it as "#1d4ed8"')
    for phrase in code.phrases + code.headings:
        if "*" in re.sub(r"\w\*(?=\s|$)", "", phrase):
            raise fields.error(
                "phrases", f"{phrase!r} has * inside a word", "put * only at the end of a word"
            )
    for hint in code.hints:
        if not HINT.fullmatch(hint):
            raise fields.error(
                "hints", f"{hint!r} is not one word", "write single words, * only at the end"
            )
    return code


def _check_whole(codebook: Codebook, origin: str) -> None:
    """Refuse names or hotkeys that two codes share."""
    hotkeys = [codebook.none_hotkey, *(code.hotkey for code in codebook.codes)]
    names = [codebook.none_label, *(code.name for code in codebook.codes)]
    for what, values in (
        ("code", list(codebook.code_names)),
        ("hotkey", hotkeys),
        ("name", names),
    ):
        twice = sorted({value for value in values if values.count(value) > 1})
        if twice:
            raise CodebookError(
                f"{origin}: {what} {twice[0]!r} is used twice", f"give each code its own {what}"
            )
    for hotkey in hotkeys:
        if len(hotkey) != 1:
            raise CodebookError(f"{origin}: hotkey {hotkey!r} is not one key", "use one character")


class _Fields:
    """The fields of one mapping of the file, taken out one by one and checked."""

    def __init__(self, data: Any, where: str) -> None:
        if not isinstance(data, Mapping):
            raise CodebookError(f"{where}: fields expected", "write `field: value` lines")
        self._rest = dict(data)
        self._where = where

    def take(self, field: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
        value = self._rest.pop(field, default)
        if value is None:
            raise self.error(field, "is missing", f"add {field}")
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self.error(field, f"has the wrong type ({type(value).__name__})", "see the docs")
        return value.strip() if isinstance(value, str) else value

    def texts(self, field: str) -> tuple[str, ...]:
        """A list of non-empty strings; absent means none."""
        values = self.take(field, list, [])
        for value in values:
            if not isinstance(value, str) or not value.strip():
                raise self.error(
                    field, f"{value!r} is not text", "put each item of the list in quotes"
                )
        return tuple(" ".join(value.split()) for value in values)

    def refuse_rest(self) -> None:
        """An unknown field is most likely a misspelt one."""
        for field in self._rest:
            raise self.error(str(field), "is not a known field", "check its spelling")

    def error(self, field: str, problem: str, mend: str) -> CodebookError:
        return CodebookError(f"{self._where}: {field} {problem}", mend)
