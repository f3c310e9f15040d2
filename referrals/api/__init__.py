"""The REST API of referrals: over `access` and `actions`, as the pages are. A ministry's decisions have none."""
