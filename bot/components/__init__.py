"""Parts of the pipeline that are our own."""
