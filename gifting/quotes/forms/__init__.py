"""What browsers may send to the quotes slice."""
