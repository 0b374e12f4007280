"""What can go wrong in an expected way, as one plain sentence and an exit code."""


class Complaint(Exception):  # noqa: N818  -- a sentence for the operator, not a defect
    """Said to the operator instead of a traceback. Exit codes of contract section 9: 1 failure, 2 wrong use."""

    def __init__(self, sentence: str, exit_code: int = 1) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.exit_code = exit_code
