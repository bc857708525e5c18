"""What can be wrong with a published release."""

from __future__ import annotations


class ReleaseError(Exception):
    """The release cannot be used; the sentence names the folder or file, and what is wrong."""

    code = "release_broken"
    http_status = 503
