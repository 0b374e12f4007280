"""A process that stands between all others and can be slow, cut lines, tear messages, or swallow everything."""

import asyncio
import contextlib
import json
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import uvloop

from tests.chaos.ports import steady_port
from tests.servers import ROOT, eventually

MODES = ("pass", "slow", "tear", "refuse", "hole")
_CHUNK = 65536


@dataclass
class Link:
    """One way through: its own port, where it leads, and how it behaves now."""

    port: int
    target: int
    mode: str = "pass"
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _chunks: int = 0
    _moved: asyncio.Event = field(default_factory=asyncio.Event)

    def switch(self, mode: str) -> None:
        """From now on; `refuse` also ends what is open."""
        self.mode = mode
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
        if mode == "refuse":
            self.cut()

    def cut(self) -> None:
        """Reset every open connection."""
        for writer in list(self._open):
            _reset(writer)

    async def serve(self) -> None:
        """Listen until the process ends."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        await server.serve_forever()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.mode == "refuse":
            _reset(writer)
            return
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            _reset(writer)
            return
        both = {writer, back}
        self._open |= both
        ways = [asyncio.create_task(self._carry(*way)) for way in ((reader, back), (there, writer))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        for end in both:
            end.close()
        self._open -= both

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK):
                while self.mode == "hole":
                    await self._moved.wait()
                if self.mode == "slow":
                    await asyncio.sleep(0.03)
                self._chunks += 1
                if self.mode == "tear" and self._chunks % 7 == 0:
                    writer.write(data[: len(data) // 2])
                    await asyncio.sleep(0.01)
                    _reset(writer)
                    return
                writer.write(data)
                await writer.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    """RST, not FIN."""
    raw = writer.get_extra_info("socket")
    if raw is not None:
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    writer.transport.abort()


async def _serve(control: int, links: dict[str, Link]) -> None:
    async def obey(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            order = json.loads(line)
            link = links[order["link"]]
            link.cut() if order["mode"] == "cut" else link.switch(order["mode"])
            writer.write(b"done\n")
            await writer.drain()

    server = await asyncio.start_server(obey, "127.0.0.1", control)
    await asyncio.gather(server.serve_forever(), *(link.serve() for link in links.values()))


@dataclass
class Proxy:
    """The driver's side: starts the process, names the ports, gives the orders."""

    targets: dict[str, int]
    ports: dict[str, int] = field(default_factory=dict)
    _control: int = field(default_factory=steady_port)
    _process: subprocess.Popen[bytes] | None = None
    _line: socket.socket | None = None

    def start(self, folder: Path) -> "Proxy":
        """Every link passes everything on."""
        self.ports = {name: steady_port() for name in self.targets}
        plan = {"control": self._control, "links": {name: [self.ports[name], to] for name, to in self.targets.items()}}
        with (folder / "proxy.log").open("ab") as log:
            argv = [sys.executable, "-m", "tests.chaos.proxy", json.dumps(plan)]
            self._process = subprocess.Popen(argv, cwd=ROOT, stdout=log, stderr=log)
        eventually(self._connected, what="the proxy takes orders")
        return self

    def order(self, mode: str, *links: str) -> None:
        """`pass`, `slow`, `tear`, `refuse`, `hole`, or `cut` once."""
        for link in links:
            assert self._line is not None
            self._line.sendall(json.dumps({"link": link, "mode": mode}).encode() + b"\n")
            assert self._line.recv(16) == b"done\n"

    def named(self, part: str) -> list[str]:
        """Links whose name has this part: `redis`, `reporting`, ..."""
        return [name for name in self.targets if part in name.split("-")]

    def stop(self) -> None:
        """End the process."""
        if self._line:
            self._line.close()
        if self._process:
            self._process.kill()
            self._process.wait()

    def _connected(self) -> bool:
        with contextlib.suppress(OSError):
            self._line = socket.create_connection(("127.0.0.1", self._control), timeout=10)
        return self._line is not None


def main(plan: str) -> None:
    """The process itself."""
    told = json.loads(plan)
    links = {name: Link(port, target) for name, (port, target) in told["links"].items()}
    uvloop.run(_serve(told["control"], links))


if __name__ == "__main__":
    main(sys.argv[1])
