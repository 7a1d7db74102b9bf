"""Reports: from a file to paragraphs that can be found again in it."""
