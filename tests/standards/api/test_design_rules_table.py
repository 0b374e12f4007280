"""Every rule of the NL API Design Rules 2.2 has a test of its name and a line in our table, and there are no others."""

import ast
from pathlib import Path

from tests.architecture.documents import document, names, rows, section

_NAMES = """
    /core/naming-resources /core/naming-collections /core/interface-language /core/no-trailing-slash
    /core/path-segments-kebab-case /core/query-keys-camel-case /core/hide-implementation /core/date-time/format
    /core/date-time/timezone /core/date-time/date-omit-time-portion /core/http-methods /core/http-safety
    /core/http-response-code /core/stateless /core/nested-child /core/resource-operations
    /core/error-handling/problem-details /core/error-handling/invalid-input /core/error-handling/all-errors
    /core/doc-openapi /core/doc-openapi-contact /core/doc-language /core/publish-openapi /core/deprecation-schedule
    /core/transition-period /core/uri-version /core/changelog /core/semver /core/version-header /core/transport/tls
    /core/transport/no-sensitive-uris /core/transport/security-headers /core/transport/cors /core/modules/geospatial
    /core/modules/signing /core/modules/encryption
"""
RULES = tuple(_NAMES.split())


def test_every_rule_has_a_test_of_its_name() -> None:
    trees = [ast.parse(path.read_text()) for path in Path(__file__).parent.glob("test_design_rules_*.py")]
    tests = {node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)}
    named = {"test" + rule.replace("/", "_").replace("-", "_"): rule for rule in RULES}
    assert sorted(rule for name, rule in named.items() if name not in tests) == []
    assert len(named) == 36
    of_rules = {name for name in tests if name.startswith("test_core_")}
    assert [name for name in of_rules if not name.startswith(tuple(named))] == [], "a test of a rule that there is not"


def test_our_table_holds_every_rule_and_says_of_each_how_it_is_met() -> None:
    text = section(document("docs/api.md"), "NL API Design Rules")
    assert sorted(names(text)) == sorted(RULES)
    assert [row[0] for row in rows(text) if len(row[1]) < 10] == []
