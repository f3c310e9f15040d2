"""Papers that a person carries: facts in, a PDF out. Knows no other room; words are handed to it, translated."""
