"""Reading the words after a plugin's command: what is no option is told in a sentence, and nothing ends the process."""

import argparse
from typing import Any


class Arguments(argparse.ArgumentParser):
    """A parser without a `--help` of its own. :raises ValueError: a sentence on words that are no options."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog=prog, add_help=False)

    def error(self, message: str) -> Any:
        raise ValueError(message)
