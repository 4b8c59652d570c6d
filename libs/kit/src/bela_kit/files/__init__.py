"""One port for uploads and made documents; a folder here, an object store where there are several machines.

A file appears under its key only when it is whole. Keys begin with the tenant and are made here, never from a name that
a caller chose.
"""

from bela_kit.files.bucket import BucketFileStore
from bela_kit.files.folder import FolderFileStore
from bela_kit.files.port import FileMissing, FileStore, FileStoreUnavailable, FileTooLarge, StoredFile

__all__ = [
    "BucketFileStore",
    "FileMissing",
    "FileStore",
    "FileStoreUnavailable",
    "FileTooLarge",
    "FolderFileStore",
    "StoredFile",
]
