"""Patients: who they are, how they are known, who covers them and what they consented to."""
