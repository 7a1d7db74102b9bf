"""Annotations: Label Studio's tasks and results, imported labels, agreement, consensus."""
