"""Let Anki import a package into an empty collection, and print how long that alone keeps a core busy, in s.

Argument: the package.
"""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        collection = Collection(str(Path(folder) / "collection.anki2"))
        start = time.process_time()
        collection.import_anki_package(
            ImportAnkiPackageRequest(package_path=sys.argv[1], options=ImportAnkiPackageOptions())
        )
        print(time.process_time() - start)
        collection.close()
