"""The example publishes what everybody may see of its two years, and no year twice."""

from cli.client import Client
from cli.example import publish
from tests.unit.cli.conftest import Service
from tests.unit.cli.stand_in import KEY


def test_each_year_is_published_once_however_often_the_example_starts(service: Service) -> None:
    service.memory.published.append("2023")  # a start that was broken off in between
    with Client(service.url, KEY) as reporting:
        publish(reporting)
        publish(reporting)
    assert service.memory.published == ["2023", "2024"]
