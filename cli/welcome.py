"""What an operator sees once everything runs: addresses, and where keys, logs and mail are."""

import json
from collections.abc import Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.addresses import ADDRESS_FILE
from cli.children import Plan
from cli.data_folder import DataFolder

_ABOUT = {
    "registration": "write door, pages for residents and hosts",
    "notifications": "messages, call list, letters",
    "reporting": "statistics, publications, fact sheet",
}


def remember_addresses(folder: DataFolder, urls: Mapping[str, str]) -> None:
    """So that the other commands find a system with ports of its own."""
    folder.write_private(ADDRESS_FILE, json.dumps(dict(urls)) + "\n")


def welcome(console: Console, folder: DataFolder, planned: Plan, environ: Mapping[str, str]) -> None:
    """Places, never keys."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for service, url in planned.urls.items():
        table.add_row(service, escape(url), _ABOUT[service])
    table.add_row("keys", escape(", ".join(planned.key_files) or "from the environment"), "")
    table.add_row("logs", escape(f"{folder.path}/*.log"), "")
    if not environ.get("NOTIFICATIONS_SMTP_URL"):
        table.add_row("mailbox", escape(f"{folder.path}/mailbox"), "mail is put here, not sent")
    console.print(table)
    console.print("Ctrl-C ends it.", highlight=False)
