"""Pages of the buyer: request, list, quote."""
