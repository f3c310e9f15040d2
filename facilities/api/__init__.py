"""The REST API of the directory."""
