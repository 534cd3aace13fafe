"""Faults that an analyst would make: do lint or the cases notice?"""
