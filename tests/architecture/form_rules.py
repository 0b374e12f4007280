"""The rules of form as pure functions: source text in, complaints out."""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import PurePath

LONGEST_FILE = 300
VAGUE_NAMES = frozenset({"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"})

_FILLER = {
    "a",
    "an",
    "the",
    "this",
    "that",
    "of",
    "for",
    "in",
    "and",
    "or",
    "with",
    "to",
    "is",
    "are",
    "module",
    "package",
}
_FILLER |= {
    "file",
    "class",
    "function",
    "here",
    "goes",
    "docstring",
    "description",
    "placeholder",
    "todo",
    "tbd",
    "fixme",
}
_FILLER |= {"wip", "xxx", "init", "contains", "code", "stuff", "things", "various", "some", "tests", "test"}
_BUILDERS = frozenset({"connect", "create_engine", "create_async_engine", "sessionmaker", "engine_from_config"})
_BUILDERS |= {"RedisBroker", "RedisSentinelBroker", "Redis", "StrictRedis", "from_url", "FastAPI", "AsyncClient"}
_CLOCKS = frozenset({"now", "utcnow", "utc_now", "today", "monotonic", "perf_counter", "time_ns"})


def length_faults(source: str) -> Iterator[str]:
    """A file longer than 300 lines should be a folder of the same name."""
    lines = source.count("\n")
    if lines > LONGEST_FILE:
        yield f"{lines} lines; the most is {LONGEST_FILE}"


def docstring_faults(source: str, stem: str) -> Iterator[str]:
    """The first line of a module's docstring says what the module alone is responsible for, and stands by itself."""
    text = ast.get_docstring(ast.parse(source))
    if not text:
        yield "no module docstring"
        return
    first, _, rest = text.partition("\n")
    if rest and rest.split("\n")[0].strip():
        yield "the responsibility runs on into a second line"
    words = re.findall(r"[a-z0-9]+", first.lower())
    telling = [word for word in words if word not in _FILLER | set(stem.lower().split("_"))]
    if len(telling) < 2:
        yield f"says nothing about its responsibility: {first!r}"


def name_faults(path: PurePath) -> Iterator[str]:
    """A name that fits everything explains nothing."""
    for part in path.with_suffix("").parts:
        if VAGUE_NAMES & set(part.lower().split("_")):
            yield f"{part} is a name for anything"


def domain_import_faults(source: str, domain: str) -> Iterator[str]:
    """A domain module imports the standard library, `shared.errors` and its own domain; nothing else, in no branch."""
    for node in ast.walk(ast.parse(source)):
        for module in _imported(node):
            top = module.partition(".")[0]
            own = module == domain or module.startswith(domain + ".")
            if not (own or module == "shared.errors" or top in sys.stdlib_module_names):
                yield f"line {getattr(node, 'lineno', 0)}: a domain may not import {module}"


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return ["a relative name"] if node.level or not node.module else [node.module]
    return []


def import_time_faults(source: str) -> Iterator[str]:
    """Nothing that is executed on import builds an engine, settings, a broker or a client, or reads the clock."""
    for call in _calls_on_import(ast.parse(source).body):
        name = _called(call)
        if name in _BUILDERS or name.endswith("Settings") or name in _CLOCKS or ast.unparse(call.func) == "time.time":
            yield f"line {call.lineno}: {ast.unparse(call.func)}() runs on import"


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)


def _calls_on_import(nodes: Iterable[ast.AST]) -> Iterator[ast.Call]:
    """Calls outside function bodies; decorators and default values do run, a main guard does not."""
    for node in nodes:
        if isinstance(node, ast.If) and "__name__" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _calls_on_import([*node.decorator_list, *_defaults(node.args)])
            continue
        if isinstance(node, ast.Lambda):
            yield from _calls_on_import(_defaults(node.args))
            continue
        if isinstance(node, ast.Call):
            yield node
        yield from _calls_on_import(ast.iter_child_nodes(node))


def _defaults(arguments: ast.arguments) -> list[ast.expr]:
    return [*arguments.defaults, *(value for value in arguments.kw_defaults if value is not None)]


_SILENCER = re.compile(r"#\s*(noqa|type:\s*ignore|mypy:|ruff:|pragma:\s*no cover|nosec)", re.IGNORECASE)
_REASONED = (
    re.compile(r"# noqa: [A-Z]+[0-9]+(, ?[A-Z]+[0-9]+)*  -- \S.{3,}"),
    re.compile(r"# type: ignore\[[a-z-]+(, ?[a-z-]+)*\]  # \S.{3,}"),
    re.compile(r"# (ruff: noqa|mypy): ?.+  -- \S.{3,}"),
)


def silencer_faults(source: str) -> Iterator[str]:
    """What silences a checker names the rule and gives the reason: `# noqa: X  -- why`, `# type: ignore[x]  # why`."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        silences = token.type == tokenize.COMMENT and _SILENCER.search(token.string)
        if silences and not any(form.search(token.string) for form in _REASONED):
            yield f"line {token.start[0]}: no rule or no reason in {token.string!r}"


_UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError|mark\.skip\(|mark\.xfail|pytest\.skip\(\))")


def unfinished_faults(source: str) -> Iterator[str]:
    """Nothing is left for later inside the code: it stands in the changelog and the issues instead."""
    for number, line in enumerate(source.splitlines(), start=1):
        if found := _UNFINISHED.search(line):
            yield f"line {number}: {found[1]}"


_MACHINE = re.compile(r"(?<![\w.-])/(?:work|farm|root|home/\w+|Users/\w+)/")
_REGISTRY = re.compile(
    r"\b(?:pypi\.(?:org|python\.org)|files\.pythonhosted\.org|registry\.npmjs\.org|deb\.debian\.org|proxy\.golang\.org)"
    r"|(?:index-url|trusted-host|extra-index)\b"
)


def machine_faults(text: str) -> Iterator[str]:
    """No path of somebody's machine and no host of a package registry: both would be wrong elsewhere."""
    for number, line in enumerate(text.splitlines(), start=1):
        for found in (*_MACHINE.findall(line), *_REGISTRY.findall(line)):
            yield f"line {number}: {found}"
