"""workbench: from human rights reports to coded, countable, defensible data."""

__version__ = "0.1.0"
