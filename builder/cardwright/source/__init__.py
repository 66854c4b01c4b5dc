"""From bytes to nodes with spans, and from text to content."""
