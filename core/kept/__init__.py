"""What a person typed and has not sent yet, kept on the server for them alone, sealed, and for a week at most."""
