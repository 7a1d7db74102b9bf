"""Every error that workbench raises on purpose, on one page.

The tree::

    WorkbenchError                 a known error: one line, exit code 1
    ├── UsageError                 what was asked for does not make sense together
    ├── WorkspaceError             no workspace, or a damaged one
    │   └── ConfigError            workbench.toml or an environment variable is wrong
    ├── StoreError                 the database cannot be used
    │   └── SchemaVersionError     it was made by another version of workbench
    ├── ReportError                a report file cannot be read
    ├── CodebookError              the taxonomy file is wrong
    ├── AnnotationError            an annotation or a file of annotations is wrong
    ├── AgreementError             agreement cannot be computed from what is there
    ├── StudioError                Label Studio
    │   ├── ServerDownError        nothing answers at the address
    │   ├── NotLabelStudioError    something answers, but it is not Label Studio
    │   ├── TokenError             no token, or the server refuses it
    │   └── StudioRequestError     the server refused a request
    └── ModelError                 training, loading or predicting
        ├── TrainingError          the labels do not allow a model
        └── ModelFileError         a model file is missing, damaged or not trusted

A message is one line. It names the file or the field, says what is wrong, and
``mend`` says what to do about it. Neither ever holds a token or a password.
"""


class WorkbenchError(Exception):
    """A known error; the command line prints it in one line and exits with 1.

    `message` names the file or field and what is wrong with it; `mend` is what
    the user can do, an imperative without a final full stop.
    """

    def __init__(self, message: str, mend: str = "") -> None:
        self.message = " ".join(message.split())
        self.mend = " ".join(mend.split())
        super().__init__(self.message)

    def __str__(self) -> str:
        return f"{self.message}; {self.mend}" if self.mend else self.message


class UsageError(WorkbenchError):
    """What was asked for does not make sense together."""


class WorkspaceError(WorkbenchError):
    """There is no workspace here, or it is damaged."""


class ConfigError(WorkspaceError):
    """A setting in workbench.toml or the environment is wrong."""


class StoreError(WorkbenchError):
    """The database cannot be used."""


class SchemaVersionError(StoreError):
    """The database was made by another version of workbench."""


class ReportError(WorkbenchError):
    """A report file cannot be read: missing, empty, binary, wrongly encoded."""


class CodebookError(WorkbenchError):
    """The taxonomy file is wrong; the message names the field."""


class AnnotationError(WorkbenchError):
    """An annotation, or a file of annotations, is wrong."""


class AgreementError(WorkbenchError):
    """Agreement cannot be computed from what is there."""


class StudioError(WorkbenchError):
    """Label Studio could not do what was asked."""


class ServerDownError(StudioError):
    """Nothing answers at the Label Studio address."""


class NotLabelStudioError(StudioError):
    """Something answers at the address, but it is not Label Studio."""


class TokenError(StudioError):
    """There is no token, or the server refuses it."""


class StudioRequestError(StudioError):
    """Label Studio refused a request; `status` is the HTTP status."""

    def __init__(self, message: str, mend: str = "", status: int | None = None) -> None:
        super().__init__(message, mend)
        self.status = status


class ModelError(WorkbenchError):
    """A model cannot be trained, loaded or used."""


class TrainingError(ModelError):
    """The labels at hand do not allow a model."""


class ModelFileError(ModelError):
    """A model file is missing, damaged, or holds a type that is not trusted."""
