"""Which models a folder holds, told without what it takes to load one."""

from pathlib import Path

MODEL_FILE = "model.skops"
META_FILE = "meta.json"


def list_ids(models_dir: Path) -> list[str]:
    """The ids of the models in a folder. One without its `meta.json` counts: it is damaged."""
    found = (*models_dir.glob(f"[!.]*/{META_FILE}"), *models_dir.glob(f"[!.]*/{MODEL_FILE}"))
    return sorted({path.parent.name for path in found})
