"""The agreement report: records, pages, tables and plots of it."""
