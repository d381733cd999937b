"""What a library written in Rust raises, as errors of ours."""

from vectorstore.errors import StoreError


class translated:  # noqa: N801  (reads as a verb at its place of use)
    """Turns whatever is raised within into `kind`, but for errors of ours; also a panic, which is no Exception to Python."""

    def __init__(self, kind: type[StoreError], what: str, *raised: type[Exception]) -> None:
        """`what` begins the sentence that is told; `raised` is what may be, any Exception where none is given."""
        self._kind, self._what, self._raised = kind, what, raised or (Exception,)

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: object) -> None:
        if error is None or isinstance(error, StoreError):
            return
        if isinstance(error, self._raised) or type(error).__module__ == "pyo3_runtime":
            raise self._kind(f"{self._what} ({type(error).__name__}: {str(error)[:300]})") from error
