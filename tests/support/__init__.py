"""What tests and benchmarks share: the running system, a release."""
