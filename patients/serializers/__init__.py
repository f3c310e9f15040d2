"""Forms of patients in the API: what may be sent (`inputs`), and what is answered (`answers`)."""
