"""Tables in memory (pandas, Polars, Arrow, DuckDB) rated by the kernel of batches; needs the `batch` extra."""
