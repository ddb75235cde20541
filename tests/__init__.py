"""One thread for BLAS and OpenMP in the tests and in what they start: two workers of pytest-xdist keep two cores busy,
and threads that wait for one another there cost more than the sums themselves.

It stands here because this file is imported before anything that loads numpy.
"""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
