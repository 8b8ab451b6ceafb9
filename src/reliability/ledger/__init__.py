"""The ledger: what went into ratings, what came out, who changed what; append-only, chained by hash."""
