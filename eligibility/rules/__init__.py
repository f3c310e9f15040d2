"""The rules (domain §5), one file each: what it asks, its parameters, its legal basis, its evidence and its words.

A file here is a rule; nothing else lists it, and one that lacks a part stops the portal from starting. A rule never
guesses: what is missing or unknown is `needs_review`. `eligibility.declare` says how a rule is written.
"""
