"""Jobs of the accounts slice. Run through the outbox, never called directly."""
