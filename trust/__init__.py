"""Whose signature the portal gives: the ministries' keys, published for everybody who verifies a paper."""
