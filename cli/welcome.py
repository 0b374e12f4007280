"""What an operator sees once everything runs: addresses, and where keys, logs and mail are."""

import json
from collections.abc import Mapping

from rich.console import Console

from cli.addresses import ADDRESS_FILE
from cli.children import Plan
from cli.data_folder import DataFolder

_ABOUT = {
    "registration": "write door, activities, event log",
    "notifications": "messages",
    "reporting": "statistics, fact sheet",
}


def remember_addresses(folder: DataFolder, urls: Mapping[str, str]) -> None:
    """So that the other commands find a system with ports of its own."""
    folder.write_private(ADDRESS_FILE, json.dumps(dict(urls)) + "\n")


def welcome(console: Console, folder: DataFolder, planned: Plan, environ: Mapping[str, str]) -> None:
    """Places, never keys. Plain lines: a path that is cut off or broken could not be copied."""
    rows = [(service, url, _ABOUT[service]) for service, url in planned.urls.items()]
    rows += [("key", place, "") for place in planned.key_files]
    rows.append(("logs", f"{folder.path}/*.log", ""))
    if not environ.get("NOTIFICATIONS_SMTP_URL"):
        rows.append(("mailbox", f"{folder.path}/mailbox", "mail is put here, not sent"))
    width = max(len(place) for _, place, about in rows if about)
    for name, place, about in rows:
        console.print(f"{name:<14} {place:<{width}}  {about}".rstrip(), markup=False, highlight=False, soft_wrap=True)
    console.print("Ctrl-C ends it.", highlight=False)
