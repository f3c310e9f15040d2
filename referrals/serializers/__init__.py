"""Forms of referrals in the API: what may be sent (`inputs`), and what is answered (`rows`, `case`, `answers`)."""
