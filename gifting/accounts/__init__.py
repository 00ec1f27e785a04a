"""Accounts: companies, their people, the consortium's staff, sign-in."""
