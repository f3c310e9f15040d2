"""How the portal's lists do with many referrals: `./dev scale`."""
