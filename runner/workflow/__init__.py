"""Services for working on data: exceptions, suppressions, corrections, batches, lineage."""
