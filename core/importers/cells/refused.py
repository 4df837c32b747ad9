"""How a cell parser says no."""


class Refused(Exception):
    """
    The cell holds something that must not be guessed.

    Attributes:
        code: Key of ``core.importers.problems.PROBLEMS``.
        values: What the sentence of that code shows.
    """

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = values
        super().__init__(code)
