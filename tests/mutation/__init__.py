"""Mutation of the policies: which small wrong change goes unnoticed?"""
