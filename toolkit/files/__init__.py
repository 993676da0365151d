"""Where the bytes of a picture are: paths, URLs, and copies stored beside the store."""
