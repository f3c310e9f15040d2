"""The tag that a form keeps its text by."""
