"""The auditor over everything that was published, with the facts as they are now (contract section 8, `audit`)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from services.reporting.domain.disclosure.audit import Finding, audit
from services.reporting.domain.disclosure.cells import HIDDEN
from services.reporting.domain.periods import bucket
from services.reporting.domain.publication.counting import cells_of
from services.reporting.domain.publication.records import Publication
from services.reporting.domain.publication.showing import at_stake
from services.reporting.store.publications import latest_of_every_year
from services.reporting.usecases.publishing import Material, gather, shown_in
from shared.database import reading


@dataclass(frozen=True, slots=True)
class Audited:
    """How many figures the newest publications show or hide, and what could be calculated of hidden ones."""

    cells: int
    hidden: int
    findings: tuple[Finding, ...]


def audit_publications(engine: Engine) -> Audited:
    """Every year that was ever published: its newest publication against the facts and all of its publications."""
    with reading(engine) as connection:
        newest = latest_of_every_year(connection)
    found = [_audit_year(engine, publication) for publication in newest]
    return Audited(
        sum(one.cells for one in found),
        sum(one.hidden for one in found),
        tuple(finding for one in found for finding in one.findings),
    )


def _audit_year(engine: Engine, publication: Publication) -> Audited:
    with reading(engine) as connection:
        material: Material = gather(connection, bucket("year", date(int(publication.period), 1, 1)))
        shown = shown_in(connection, publication.id)
    cells = cells_of(material.year, material.facts.of, material.rows)
    known = {name: cell for name, cell in at_stake(cells).items() if name in shown}
    found = audit({name: shown[name] for name in known}, known, material.earlier, material.rows.nests())
    return Audited(len(shown), sum(said == HIDDEN for said in shown.values()), tuple(found))
