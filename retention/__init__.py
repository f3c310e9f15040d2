"""How long data are kept, what must not be erased, and erasing: by the day's job, or because a patient asks for it."""
