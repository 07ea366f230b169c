"""Services for the work on data: exceptions, suppressions, corrections, batches, lineage."""
