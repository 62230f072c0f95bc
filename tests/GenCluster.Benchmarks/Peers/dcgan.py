"""The DCGAN of GenCluster's zoo in PyTorch, alone or under DistributedDataParallel:
dcgan.py SOCKET MEMBER MEMBERS CORE BATCH MEETING_FILE

Answers `step STEPS` and `optimizer STEPS` with the begin and end of each, in nanoseconds of CLOCK_MONOTONIC.
"""
import gc
import sys
import time

import torch
import torch.distributed as distributed
from torch import nn
from torch.nn.functional import softplus

import crew

LATENT, WIDTH = 100, 128


def generator():
    return nn.Sequential(
        nn.ConvTranspose2d(LATENT, 4 * WIDTH, 4, bias=False), nn.BatchNorm2d(4 * WIDTH), nn.ReLU(True),
        nn.ConvTranspose2d(4 * WIDTH, 2 * WIDTH, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * WIDTH), nn.ReLU(True),
        nn.ConvTranspose2d(2 * WIDTH, WIDTH, 4, 2, 1, bias=False), nn.BatchNorm2d(WIDTH), nn.ReLU(True),
        nn.ConvTranspose2d(WIDTH, 1, 4, 2, 1, bias=False), nn.Tanh())


def discriminator():
    return nn.Sequential(
        nn.Conv2d(1, WIDTH, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, True),
        nn.Conv2d(WIDTH, 2 * WIDTH, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * WIDTH), nn.LeakyReLU(0.2, True),
        nn.Conv2d(2 * WIDTH, 4 * WIDTH, 4, 2, 1, bias=False), nn.BatchNorm2d(4 * WIDTH), nn.LeakyReLU(0.2, True),
        nn.Conv2d(4 * WIDTH, 1, 4, bias=False), nn.Flatten(0))


class Training:
    def __init__(self, batch, members):
        torch.manual_seed(7)
        self.batch = batch
        self.g, self.d = generator(), discriminator()
        self.generate, self.judge = self.g, self.d
        if members > 1:
            # Buffers stay each member's own, and gradients are views of the buckets: the fastest that DDP offers.
            settings = dict(broadcast_buffers=False, gradient_as_bucket_view=True)
            self.generate = nn.parallel.DistributedDataParallel(self.g, **settings)
            self.judge = nn.parallel.DistributedDataParallel(self.d, **settings)
        self.drop = members == 1
        self.optimizer_g = torch.optim.Adam(self.g.parameters(), 2e-4, (0.5, 0.999))
        self.optimizer_d = torch.optim.Adam(self.d.parameters(), 2e-4, (0.5, 0.999))
        self.images = torch.rand(batch, 1, 32, 32) * 2 - 1

    def noise(self):
        return torch.randn(self.batch, LATENT, 1, 1)

    def step(self):
        self.optimizer_d.zero_grad(set_to_none=self.drop)
        with torch.no_grad():
            samples = self.g(self.noise())
        if self.drop:
            loss = softplus(-self.judge(self.images)).mean() + softplus(self.judge(samples)).mean()
            loss.backward()
        else:
            # DDP takes one forward for one backward, so the exchange waits for the second half.
            with self.judge.no_sync():
                softplus(-self.judge(self.images)).mean().backward()
            softplus(self.judge(samples)).mean().backward()
        self.optimizer_d.step()

        self.optimizer_g.zero_grad(set_to_none=self.drop)
        for parameter in self.d.parameters():
            parameter.requires_grad_(False)
        softplus(-self.d(self.generate(self.noise()))).mean().backward()
        self.optimizer_g.step()
        for parameter in self.d.parameters():
            parameter.requires_grad_(True)

    def optimize(self):
        self.optimizer_d.step()
        self.optimizer_g.step()


def main():
    path, meeting = sys.argv[1], sys.argv[6]
    member, members, core, batch = (int(field) for field in sys.argv[2:6])
    crew.pin(core)
    torch.set_num_threads(1)
    if members > 1:
        distributed.init_process_group("gloo", init_method="file://" + meeting, rank=member, world_size=members)
    training = Training(batch, members)
    gc.collect()
    gc.freeze()

    def run(request):
        action = {"step": training.step, "optimizer": training.optimize}[request[0]]
        stamps = [-1]  # bytes allocated: not a question here
        for _ in range(int(request[1])):
            stamps.append(time.perf_counter_ns())
            action()
            stamps.append(time.perf_counter_ns())
        assert all(parameter.isfinite().all() for parameter in training.g.parameters())
        return stamps

    crew.Crew(path, member).serve(run)


main()
