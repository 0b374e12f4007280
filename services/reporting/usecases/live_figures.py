"""The one door to figures as they are now: from what facts add up to, or from the facts where these are few."""

from services.reporting.domain.evaluation import Table, evaluate
from services.reporting.domain.questions import Question
from services.reporting.domain.tallies.answering import needs_facts, table
from services.reporting.store.facts import FactsOfPeriod
from services.reporting.store.tallies.persons import firsts_in
from services.reporting.store.tallies.reading import Asked, parts
from services.reporting.store.tallies.rows import NOBODY


def live_table(facts: FactsOfPeriod, question: Question) -> Table:
    """Exact, at the moment of the connection of `facts`; these are of the question's period, and loaded if needed."""
    tallied = question.indicator.tallied
    if tallied is None or needs_facts(question, tallied):
        of_period = facts.of(question.indicator.subject.source)
        return evaluate(question.indicator, of_period, question.period, question.filters, question.group_by)
    found = parts(facts.connection, Asked(question, tallied, facts.partners))
    return table(question, tallied, found, lambda period: firsts_in(facts.connection, period), NOBODY)
