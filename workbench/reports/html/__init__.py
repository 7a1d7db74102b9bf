"""HTML: from a saved web page to paragraphs under the headings that the page itself marks."""
