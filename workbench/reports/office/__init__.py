"""Files of word processors, DOCX and ODT: to text, a line for each paragraph."""
