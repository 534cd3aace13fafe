"""Passes over rules as syntax trees: fold, slice, lift, replay. Each is guarded by a property."""
