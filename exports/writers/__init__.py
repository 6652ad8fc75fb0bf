"""Writers: a document in, a file's bytes out."""
