"""What editors change, checked, tried and published: data/ becomes a release."""
