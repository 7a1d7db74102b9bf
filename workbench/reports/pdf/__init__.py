"""PDF reports to text: words with their places, then lines, then paragraphs."""
