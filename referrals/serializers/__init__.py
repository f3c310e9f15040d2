"""Forms of referrals in the API: what may be sent (`inputs`), and what is answered: the list (`rows`), the whole
`case` with its `clinical` part, and the pieces of both (`answers`)."""
