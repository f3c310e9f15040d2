"""The law that a referral rests on, as data: agreements with their parties and dates, the rules they name, the clocks.

It knows the rules (`eligibility`) and what lies below, but nothing of referrals: a referral chooses its agreement here
and asks the clocks for its limits.
"""
