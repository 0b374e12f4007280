"""Why something was refused, in the contract's codes; pure, so that domain rules can raise it.

Refusal               a request or an event that cannot be taken; carries a code of the contract and all faults
FieldFault            one fault: where (JSON pointer or parameter), which, and a sentence
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One fault in what was sent. `pointer` is a JSON Pointer into the event or body, or a parameter's name."""

    pointer: str
    code: str
    detail: str


class Refusal(Exception):  # noqa: N818  -- the glossary's term; a refusal is an answer, not a defect
    """Refused with a problem code of contract section 3; `faults` names every fault at once."""

    def __init__(self, code: str, detail: str, faults: tuple[FieldFault, ...] = ()) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.faults = faults
