"""Documents: stored files, bound to their subject by hash, downloaded with a permission."""
