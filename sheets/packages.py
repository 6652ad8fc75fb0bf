"""Packages: Word documents and workbooks are zip files, and may be broken ones."""

import struct
import zipfile
import zlib

# What reading a broken or a hostile package may raise.
BROKEN_ZIP = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    ArithmeticError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
