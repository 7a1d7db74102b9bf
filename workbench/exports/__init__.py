"""What leaves the workbench: paragraphs, predictions and agreement as files."""
