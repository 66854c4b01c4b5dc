"""Read YAML and Markdown: from bytes to nodes with spans, and from text to content."""
