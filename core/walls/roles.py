"""The roles of the database. Neither owns anything; each logs in for its processes, or has members who do."""

WEB, WORKER = "portal_web", "portal_worker"
