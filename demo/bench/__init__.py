"""`./dev bench`: how quick the portal is, beside the bare floor of the same SQL and JSON without a framework."""
