"""What lies encrypted in the database: keys, fields, how a number is found all the same, and the change of a key.

ADR 27 says what is sealed and what isn't, and why.
"""
