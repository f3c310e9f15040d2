"""Forms of patients in the API, sent and answered: the `person`, and their `records`."""
