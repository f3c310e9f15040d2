"""`./dev attack [--quick] [address]`: try to break into a running portal over real HTTP, and tell what held.

One file of `kinds/` for each kind. Only against a portal of one's own: it signs in with the demonstration's people.
"""
