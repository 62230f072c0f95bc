"""OpenMPI by way of mpi4py, started by mpirun: allreduce_mpi.py SOCKET CAPACITY"""
import sys

import numpy
from mpi4py import MPI

import allreduce
import crew


def main():
    world = MPI.COMM_WORLD
    vector = numpy.zeros(int(sys.argv[2]), dtype=numpy.float32)
    allreduce.serve(
        crew.Crew(sys.argv[1], world.rank), world.size, vector,
        lambda count: world.Allreduce(MPI.IN_PLACE, vector[:count], op=MPI.SUM))


main()
