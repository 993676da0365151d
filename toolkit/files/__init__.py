"""Where the bytes of a picture are: places on disk, URLs, and originals kept beside the store."""
