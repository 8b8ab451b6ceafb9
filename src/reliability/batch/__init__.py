"""Article sets and report tables in bounded memory: partition to disk, then the columnar kernel, bucket by bucket.

Needs the `batch` extra (pyarrow, msgspec); nothing here is imported before it is used.
"""
