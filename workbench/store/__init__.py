"""The store: the database of one workspace. Records go in, records come out."""
