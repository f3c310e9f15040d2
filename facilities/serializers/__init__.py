"""Forms of the directory in the API: what may be asked (`inputs`), and what is answered (`answers`)."""
