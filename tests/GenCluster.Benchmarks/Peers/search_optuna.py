"""The best value that Optuna's TPE finds of a function: search_optuna.py FUNCTION TRIALS SEED"""
import math
import sys

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)


def branin(x):
    return (x[1] - 5.1 / (4 * math.pi**2) * x[0] ** 2 + 5 / math.pi * x[0] - 6) ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x[0]) + 10


def hartmann6(x):
    alpha = [1, 1.2, 3, 3.2]
    a = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
    p = [
        [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
        [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
        [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
        [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
    ]
    return -sum(alpha[i] * math.exp(-sum(a[i][j] * (x[j] - p[i][j]) ** 2 for j in range(6))) for i in range(4))


def ackley(x):
    mean_square = sum(v * v for v in x) / len(x)
    return -20 * math.exp(-0.2 * math.sqrt(mean_square)) - math.exp(sum(math.cos(2 * math.pi * v) for v in x) / len(x)) + 20 + math.e


FUNCTIONS = {
    "Branin": (branin, [(-5, 10), (0, 15)]),
    "Hartmann6": (hartmann6, [(0, 1)] * 6),
    "Ackley-5": (ackley, [(-32.768, 32.768)] * 5),
    "Sphere-5": (lambda x: sum(v * v for v in x), [(-5, 5)] * 5),
}

function, sides = FUNCTIONS[sys.argv[1]]
sampler = optuna.samplers.TPESampler(multivariate=True, seed=int(sys.argv[3]))
study = optuna.create_study(sampler=sampler)
study.optimize(lambda trial: function([trial.suggest_float(f"x{i}", *side) for i, side in enumerate(sides)]), n_trials=int(sys.argv[2]))
print(study.best_value)
