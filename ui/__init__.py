"""Faces: the command line, the HTTP API and the page."""

import os

# Questions are answered beside each other in threads of ours. Threads of numpy's own below each would wait for one another
# in a busy loop: twenty questions at once then take twice the processor time. It is read when numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
