"""What messages say: every sentence of the policies, and no raw name in any."""
