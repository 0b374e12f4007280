"""The ledger of erasures at a restore: nothing that it says is ever taken back (decision 0014)."""

from cli.data_folder import DataFolder
from shared.operators.backup.archive import LEDGER


def complete_ledger(folder: DataFolder, from_backup: bytes) -> bool:
    """Add the backup's lines that the folder's ledger lacks; True where there was no ledger at all."""
    path = folder.path / LEDGER
    there = path.read_text().splitlines() if path.exists() else None
    known = set(there or ())
    lacking = [line for line in from_backup.decode().splitlines() if line and line not in known]
    if lacking:
        folder.write_private(LEDGER, "".join(f"{line}\n" for line in [*(there or ()), *lacking]))
    return there is None
