"""Gloo by way of torch.distributed: allreduce_gloo.py SOCKET MEMBER MEMBERS CORE CAPACITY MEETING_FILE"""
import sys

import torch
import torch.distributed as distributed

import allreduce
import crew


def main():
    path, meeting = sys.argv[1], sys.argv[6]
    member, members, core, capacity = (int(field) for field in sys.argv[2:6])
    crew.pin(core)
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", init_method="file://" + meeting, rank=member, world_size=members)
    tensor = torch.zeros(capacity)
    allreduce.serve(crew.Crew(path, member), members, tensor.numpy(), lambda count: distributed.all_reduce(tensor[:count]))


main()
