"""A PostgreSQL of the tests' own: Debian's, in a folder of its own behind a socket, as a user who may do nothing else."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

BINARIES = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None, key=lambda path: int(path.parent.name))
"""Of the newest that is installed; None where none is."""
_NUMBERS = count(1)


class Server:
    """A server that runs; `fresh` makes an empty database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fresh(self) -> str:
        """The address of a new database."""
        name = f"t{os.getpid()}_{next(_NUMBERS)}"
        self.run("createdb", "-h", str(self.folder), "-T", "template0", name)
        return f"postgresql://postgres:secret-word@/{name}?host={self.folder}"

    def run(self, program: str, *given: str) -> str:
        """Runs one of PostgreSQL's programs: what it prints."""
        assert BINARIES
        command = [*_as_user(), str(BINARIES / program), *given]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def restart(self) -> None:
        """Ends every connection at once and starts again."""
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")
        self.start()

    def start(self) -> None:
        settings = f"-k {self.folder} -c listen_addresses= -c fsync=off -c max_connections=60 -c shared_buffers=32MB"
        log = str(self.folder / "log")
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-l", log, "-o", settings, "-w", "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")


def _as_user() -> list[str]:
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []


@contextmanager
def running() -> Iterator[Server]:
    """A server, until the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a socket's name has at most 107 characters
    server = Server(folder)
    try:
        if os.getuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
        server.run(
            "initdb", "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"
        )
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
