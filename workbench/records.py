"""The records that pass between rooms: frozen, plain, without behaviour of their own.

Nothing here knows of files, the database or Label Studio. Every sequence is a
tuple, so that a record can be hashed, compared and shared between threads.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

#: The kinds of paragraph. Only ``text`` is tagged unless the user asks for more:
#: a ``cross-reference`` only points elsewhere, ``boilerplate`` is about the report itself.
KINDS = ("text", "cross-reference", "boilerplate")


@dataclass(frozen=True, slots=True)
class Given:
    """What the user says of a report: it stands over what is detected; None leaves it to that.

    It is kept with the report, so that a corrected file is read with it again.
    """

    source: str | None = None
    country: str | None = None
    year: int | None = None
    title: str | None = None
    language: str | None = None
    report_id: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One report file.

    `report_id` is stable: it depends on what the report is (country, year,
    source) or on its file name, never on the order of ingestion. `file` is the
    path as it was ingested, `sha256` the hash of its bytes, `encoding` the
    codec with which the character offsets of its paragraphs count; a name that
    ends in ``-text`` (``pdf-text``) says that they count in the text extracted.
    `year` is the year covered, not the year of publication. `country` is as the
    report writes it, `country_code` its ISO 3166 alpha-3 code, `language` an
    ISO 639-1 code. `reader` says which version of our reader cut the paragraphs,
    and how, `given` what of all this the user said.
    """

    report_id: str
    title: str
    source: str | None
    country: str | None
    year: int | None
    file: str
    sha256: str
    encoding: str
    layout: str
    country_code: str | None = None
    language: str | None = None
    reader: str = ""
    given: Given = Given()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a report: the unit of coding.

    `text` is what a coder reads: one line, broken pieces rejoined, mark-up and
    escapes removed. `section` is the heading path, outermost first; a heading that
    the paragraph begins with ("Physical Conditions: ...") is its last step. `start`
    and `end` are character offsets into the decoded source (end exclusive);
    `source[start:end]` is the raw text, and where a page break or a sidebar
    cut the paragraph, `spans` names the pieces that belong to it (else it is
    the one pair). `page` is the page number where the format has one.
    `paragraph_id` depends on the report and the paragraph's own words only.
    """

    paragraph_id: str
    report_id: str
    position: int
    section: tuple[str, ...]
    text: str
    start: int
    end: int
    spans: tuple[tuple[int, int], ...]
    page: int | None = None
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Document:
    """A report with its paragraphs, in reading order, and what the reader doubts."""

    report: Report
    paragraphs: tuple[Paragraph, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stretch of a paragraph's text that speaks for a code: text[start:end]."""

    code: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Coder:
    """A person (or program) who codes; `name` is unique, and stands in every figure.

    `email` is the account in Label Studio, `studio_id` its number there. A coder
    whom `workbench coders` did not add is named by the e-mail. `left` says that
    nothing more is assigned; what was coded stays.
    """

    name: str
    studio_id: int | None = None
    email: str | None = None
    left: bool = False


@dataclass(frozen=True, slots=True)
class Assignment:
    """A paragraph that a coder is to code; `shared` marks the calibration set, coded by all.

    `done` says that the coder coded or skipped it in a project that Label Studio
    has no more: it needs no task.
    """

    paragraph_id: str
    coder: str
    shared: bool = False
    done: bool = False


@dataclass(frozen=True, slots=True)
class PreLabel:
    """What a labeller proposes for a paragraph, and what the coder saw of it."""

    version: str
    codes: tuple[str, ...]
    score: float = 0.0
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Annotation:
    """One coder's decision about one paragraph.

    `codes` is sorted; empty means "none of these". A skipped paragraph has
    `skipped` set and says nothing about codes. `key` identifies the annotation
    at its origin (Label Studio's unique_id, or "import:..."). `origin` is
    "studio" or "import", or "adjudication": then it is the decision of one who
    saw what the others chose, and stands over theirs. `lead_time` is in
    seconds. `prelabel` is what stood on the page when the coder began; `hidden`
    says that none did by design, so that the effect of pre-labels can be
    measured. `reason` is an adjudicator's: why the coders differed; `choices`
    are what each coder had chosen then, by name. `changed_by` is who changed it
    last in Label Studio, "" where that was its coder.
    """

    paragraph_id: str
    coder: str
    codes: tuple[str, ...]
    key: str
    origin: str
    created_at: datetime
    updated_at: datetime
    evidence: tuple[Evidence, ...] = ()
    comment: str = ""
    skipped: bool = False
    lead_time: float | None = None
    prelabel: PreLabel | None = None
    hidden: bool = False
    reason: str = ""
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    changed_by: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a paragraph's label was decided, and how far each code is borne out.

    `decided` is "adjudicated", "majority" or "dawid-skene", "" where nothing is
    known. `shares` is the share of the coders, adjudicators aside, who gave a
    code. `support` is what it was decided by: the same shares, the share of the
    `adjudicators`, or the probability of Dawid and Skene's model. Both run from
    0 to 1 and leave out the codes that nobody gave. `sources` are the ids of
    the twins whose codes the paragraph has, where nobody coded it itself.
    `reasons` are the adjudicators': why the coders differed.
    """

    decided: str = ""
    support: Mapping[str, float] = field(default_factory=dict, hash=False)
    shares: Mapping[str, float] = field(default_factory=dict, hash=False)
    adjudicators: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodedParagraph:
    """A paragraph with the label that its coders' decisions amount to.

    `codes` are those that it has. `tied` are the codes that are undecided and
    await adjudication. `coders` are all who coded it, adjudicators too.
    """

    paragraph: Paragraph
    codes: tuple[str, ...]
    tied: tuple[str, ...]
    coders: tuple[str, ...]
    provenance: Provenance = Provenance()


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A registered model: where it is, what made it, how it was measured.

    `sha256` is the hash of the model file; `metrics` is what evaluation
    returned, as plain JSON types.
    """

    model_id: str
    sha256: str
    path: str
    trained_at: datetime
    taxonomy_name: str
    taxonomy_version: str
    taxonomy_sha256: str
    codes: tuple[str, ...]
    thresholds: Mapping[str, float] = field(default_factory=dict)
    metrics: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prediction:
    """A model's answer for one text; `scores` are probabilities per code."""

    codes: tuple[str, ...]
    scores: Mapping[str, float]
    evidence: tuple[Evidence, ...] = ()
