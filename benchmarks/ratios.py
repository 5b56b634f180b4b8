# Licensed under a 3-clause BSD style license - see LICENSE.rst
"""Print the ratios of all benchmarks, without asv.

Run as ``python -m benchmarks.ratios [--quick] [--plot FILE]``; pandas is needed. A machine that is busy with something
else changes all times of a ratio alike, but not by exactly the same factor.
"""

import argparse
import warnings

from benchmarks.imports import REFERENCE, import_times
from benchmarks.light_curves import LightCurves
from benchmarks.reference import cpu_times, reference
from benchmarks.samples import METHODS, make_sample


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few repeats and small samples")
    parser.add_argument("--plot", help="draw the growth with the number of light curves")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    print_light_curves(5 if options.quick else 40)
    sizes = (1, 10) if options.quick else (1, 10, 100, 1000)
    growth = {method: measure_growth(method, sizes) for method in METHODS}
    print_imports(2 if options.quick else 10)
    if options.plot:
        plot_growth(sizes, growth, options.plot)


def print_light_curves(repeat):
    """Print the ratios of one light curve."""
    functions = {"R": reference}
    for what in LightCurves.params:
        benchmark = LightCurves()
        benchmark.setup(what)
        functions[what] = benchmark.function
    times = cpu_times(functions, repeat)
    for what, seconds in times.items():
        print(f"{what:<36}{seconds * 1e3:8.1f} ms{seconds / times['R']:8.2f} R", flush=True)


def measure_growth(method, sizes):
    """Print and return the CPU seconds of a method of samples of these sizes."""
    seconds = []
    for size in sizes:
        curves = make_sample(size)
        seconds.append(cpu_times({"method": lambda curves=curves: METHODS[method](curves)}, repeat=3)["method"])
        print(f"{method:<16}{size:>6} light curves{seconds[-1]:14.4f} s", flush=True)
    return seconds


def print_imports(repeat):
    """Print the ratios of imports."""
    times = import_times(repeat)
    for statement, seconds in times.items():
        print(f"{statement:<36}{seconds * 1e3:8.0f} ms{seconds / times[REFERENCE]:8.2f}", flush=True)


def plot_growth(sizes, growth, path):
    """Draw the CPU time against the number of light curves."""
    import matplotlib.pyplot as plt

    figure, ax = plt.subplots(figsize=(7, 4.5), layout="constrained")
    for method, seconds in growth.items():
        ax.loglog(sizes, seconds, marker="o", label=method)
    ax.set(xlabel="Light curves of 3,317 rows", ylabel="CPU time [s]")
    ax.grid(visible=True, alpha=0.3)
    ax.legend(ncols=2)
    figure.savefig(path)


if __name__ == "__main__":
    main()
