"""The floor: actors, permissions, errors, transactions, audit, outbox, accounts, forms and the frame of the API.

It knows no domain: neither patients nor facilities, rules, agreements or referrals.
"""
