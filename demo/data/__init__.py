"""The demonstration's data: a cast of people and two months of work, made by the same actions as in use.

`people` is the cast, `clinical` the cases’ words, `plan` the list of referrals, `stories` what happens to each
(`directing`, `deciding` and `hosting` do it); `history` plays them all under a clock that `clock` holds, in the order
of time. Everything is synthetic.
"""
