"""The verb of the command line for LINE."""

import argparse
from collections.abc import Callable

from ui.granting import Verb
from ui.settings import Settings
from ui.words import BOOK


def add_verbs(verb: Verb, settings: Callable[[argparse.Namespace], Settings]) -> None:
    """Tells the command line's parser of `line check`."""

    def check(called: argparse.Namespace) -> int:
        from ui.line import checking

        return checking.run(called, settings(called))

    about = BOOK["line"]["check"]["verb"]
    line = verb("line", about, check)
    steps = line.add_subparsers(dest="step", required=True, metavar="สิ่งที่ทำ", parser_class=type(line))
    step = steps.add_parser("check", help=about, description=about)
    step.add_argument("--json", action="store_true", help="พิมพ์ผลเป็น JSON")
    step.set_defaults(run=check)
