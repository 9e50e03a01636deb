"""A small real forum that speaks Discourse's API, sends its web hooks, and has pages to read and write on.

It keeps its data in one SQLite file. `create_sandbox` is the application, `serve.SandboxServer` the same on a port,
`forum.SandboxForum` the hands of its members and staff.
"""

from .app import create_sandbox
from .forum import SandboxForum
from .serve import SandboxServer

__all__ = ["SandboxForum", "SandboxServer", "create_sandbox"]
