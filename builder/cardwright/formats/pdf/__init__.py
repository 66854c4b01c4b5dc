"""Card sheets for printing, and nothing but this folder knows the PDF engine."""
