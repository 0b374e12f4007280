"""Asks an application over ASGI, one request at a time, as a caller without a browser would."""

import asyncio
from typing import Any

import httpx
from fastapi import FastAPI


class Visitor:
    """Requests in a test that is not asynchronous itself."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def get(self, path: str, **options: Any) -> httpx.Response:
        """A GET request."""
        return asyncio.run(self._send("GET", path, **options))

    def head(self, path: str, **options: Any) -> httpx.Response:
        """A HEAD request."""
        return asyncio.run(self._send("HEAD", path, **options))

    def put(self, path: str, **options: Any) -> httpx.Response:
        """A PUT request."""
        return asyncio.run(self._send("PUT", path, **options))

    def post(self, path: str, **options: Any) -> httpx.Response:
        """A POST request."""
        return asyncio.run(self._send("POST", path, **options))

    async def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://reporting.example.org") as client:
            return await client.request(method, path, **options)
