"""The feed: what changed, for partners' systems, in an order in which nothing is ever added behind a reader (ADR 23).

Rooms say in `registry` which events there are, who is party to one, and how its subject may be seen. A writer leaves
what happened with its own change (`announce`); a number is given after the commit (`numbering`); a reader gets what
stands behind the place at which they were last (`reading`). Webhooks ride on the same.
"""
