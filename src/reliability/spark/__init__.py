"""Batches by Spark: the readers, checks and kernel of `reliability.batch` in its tasks; needs the `spark` extra."""
