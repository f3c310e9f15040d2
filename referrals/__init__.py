"""The road of one referral: its states, who may move it, what that writes, and how it is shown and told.

It knows the agreements, the rules, patients and facilities, and hands the rules their facts. Nothing below knows it.
"""
