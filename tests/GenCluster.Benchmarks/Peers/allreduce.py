"""Times an all-reduce of float32 in place, the same way for every peer. The clock is CLOCK_MONOTONIC, one for all processes."""
import gc
import time

import numpy


def serve(crew, members, vector, reduce):
    """Answers `run COUNT WARM_UP ITERATIONS` with the begin and end of each all-reduce, in nanoseconds.

    reduce(count) sums the first `count` numbers of `vector` over all members.
    """
    gc.disable()

    def run(request):
        count, warm_up, iterations = (int(field) for field in request[1:])
        verify(crew.member, members, vector[:count], lambda: reduce(count))
        stamps = [-1]  # bytes allocated: not a question here
        for i in range(-warm_up, iterations):
            vector[:count].fill(crew.member + 1 + i % 7)
            begin = time.perf_counter_ns()
            reduce(count)
            end = time.perf_counter_ns()
            wanted = members * (members + 1) // 2 + members * (i % 7)
            assert vector[0] == vector[count // 2] == vector[count - 1] == wanted, "wrong sum"
            if i >= 0:
                stamps += begin, end
        return stamps

    crew.serve(run)


def verify(member, members, part, reduce):
    """Sums numbers that differ from place to place, and looks at each."""
    places = numpy.resize(numpy.arange(97, dtype=numpy.float32), len(part))
    part[:] = places + member
    reduce()
    assert (part == members * places + members * (members - 1) // 2).all(), "wrong sum"
