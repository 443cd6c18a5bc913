"""Runs whole processes and says what each took: the measuring process of `npm run bench`.

A plan as JSON on standard input, what was measured as JSON on standard output; measure.ts has the
shapes of both. Python, because it is small (9 MB), starts programs with posix_spawn (vfork), and has wait4,
which gives CPU time and page faults of exactly the process that was waited for. Needs nothing but
its standard library.
"""

import gc
import json
import os
import re
import select
import shutil
import sys
import tempfile
import time


class WrongAnswer(Exception):
    """A benchmark of a command that fails is worth nothing."""


class Child:
    """One process to be: its standard input lies in the pipe already when it starts."""

    def __init__(self, step):
        self.step = step
        stdin, feed = os.pipe()
        os.write(feed, step["input"].encode())
        os.close(feed)
        self.stdout, stdout = os.pipe()
        self.stderr, stderr = os.pipe()
        self.ends = (stdin, stdout, stderr)
        self.files = [(os.POSIX_SPAWN_DUP2, end, number) for number, end in enumerate(self.ends)]
        self.said = b""

    def start(self):
        argv = self.step["argv"]
        self.pid = os.posix_spawn(argv[0], argv, self.step["env"], file_actions=self.files)
        for end in self.ends:
            os.close(end)

    def read(self):
        """False at the end of its standard output."""
        chunk = os.read(self.stdout, 65536)
        self.said += chunk
        return chunk != b""

    def reap(self):
        _, status, self.usage = os.wait4(self.pid, 0)
        self.code = os.waitstatus_to_exitcode(status)

    def check(self, name):
        complaint = os.read(self.stderr, 65536)
        os.close(self.stdout)
        os.close(self.stderr)
        answer = self.said.decode(errors="replace")
        step = self.step
        if self.code == step["code"] and re.fullmatch(step["stdout"], answer, re.DOTALL):
            return
        said = f"{answer[:200]!r}, {complaint[:300].decode(errors='replace')!r}"
        raise WrongAnswer(f"{name}: {' '.join(step['argv'])} ended with {self.code}: {said}")


def run(subject, steps):
    """Nanoseconds from before the first process to after the last, and the processes."""
    children = [Child(step) for step in steps]
    begin = time.perf_counter_ns()
    if subject["together"]:
        run_together(children)
    else:
        for child in children:
            child.start()
            while child.read():
                pass
            child.reap()
    wall = time.perf_counter_ns() - begin
    for child in children:
        child.check(subject["name"])
    if subject["sameAnswers"] and len({child.said for child in children}) > 1:
        raise WrongAnswer(f"{subject['name']}: not all answers are the same")
    return wall, children


def run_together(children):
    for child in children:
        child.start()
    poll = select.poll()
    for child in children:
        poll.register(child.stdout, select.POLLIN)
    open_ends = {child.stdout: child for child in children}
    while open_ends:
        for end, _ in poll.poll():
            if not open_ends[end].read():
                poll.unregister(end)
                open_ends.pop(end).reap()


def prepare(subject):
    for action in subject["before"]:
        if "remove" in action:
            shutil.rmtree(action["remove"], ignore_errors=True)
        elif "forget" in action:
            forget(action["forget"])
        elif "run" in action:
            child = Child(action["run"])
            child.start()
            while child.read():
                pass
            child.reap()
            child.check(f"before {subject['name']}")


def forget(file):
    """Drops the pages of a file from the page cache; they have to be clean and mapped by nobody."""
    end = os.open(file, os.O_RDONLY)
    os.posix_fadvise(end, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(end)


def sample(subject):
    prepare(subject)
    wall, children = run(subject, subject["steps"])
    usages = [child.usage for child in children]
    if any("forget" in action for action in subject["before"]) and not any(u.ru_majflt for u in usages):
        raise WrongAnswer(f"{subject['name']}: nothing was read from the disk: the page cache was not cold")
    return {
        "wallMs": wall / 1e6,
        "cpuMs": sum(u.ru_utime + u.ru_stime for u in usages) * 1e3,
        "faults": sum(u.ru_minflt + u.ru_majflt for u in usages),
    }


def peak_kilobytes(subject, timer, folder):
    """The largest process of one run, by GNU time: wait4 here would count our own size at the start of each child."""
    files = [os.path.join(folder, str(number)) for number in range(len(subject["steps"]))]
    steps = [
        {**step, "argv": [timer, "--quiet", "-f", "%M", "-o", file, *step["argv"]]}
        for file, step in zip(files, subject["steps"])
    ]
    prepare(subject)
    run(subject, steps)
    return max(int(open(file, encoding="ascii").read().split()[-1]) for file in files)


def order(subjects, number):
    """Everybody is first, and last, equally often; and every second round goes backwards."""
    start = number // 2 % len(subjects)
    turned = subjects[start:] + subjects[:start]
    return turned if number % 2 == 0 else turned[::-1]


def measure(plan, folder):
    subjects = plan["subjects"]
    samples = {subject["name"]: [] for subject in subjects}
    for number in range(plan["warmUp"] + plan["rounds"]):
        for subject in order(subjects, number):
            taken = sample(subject)
            if number >= plan["warmUp"]:
                samples[subject["name"]].append(taken)
    peaks = {
        subject["name"]: [
            peak_kilobytes(subject, plan["timer"], folder) for _ in range(plan["memoryRuns"] if plan["timer"] else 0)
        ]
        for subject in subjects
    }
    return {name: {"samples": taken, "peaksKb": peaks[name]} for name, taken in samples.items()}


def main():
    plan = json.load(sys.stdin)
    gc.disable()
    try:
        with tempfile.TemporaryDirectory() as folder:
            json.dump(measure(plan, folder), sys.stdout)
    except WrongAnswer as error:
        sys.exit(str(error))


main()
