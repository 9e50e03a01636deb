"""`python -m connector.theme FOLDER`: every flavour as files, for the checks that look at what is shipped."""

import sys
from pathlib import Path

from connector.theme.build import FLAVOURS, component, write_folder

if __name__ == "__main__":
    for flavour in FLAVOURS:
        write_folder(component(flavour, "https://passerelle.example"), Path(sys.argv[1]) / flavour)
