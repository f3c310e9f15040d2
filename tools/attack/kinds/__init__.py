"""The attacks, a file for each kind. Each function tries something and says what came of it."""
