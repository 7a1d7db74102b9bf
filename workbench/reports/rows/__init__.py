"""Rows: already split text in CSV, JSONL, JSON or Parquet, one paragraph a row."""
