#!/usr/bin/env python3
"""Benchmarks of fetching, on loopback. Figures and what they mean: docs/PERFORMANCE.md.

    cargo build --release --bin khobor --example newsstand
    scripts/bench_fetch.py schedule          # wall time against the schedule's lower bound
    scripts/bench_fetch.py polite            # 50 hosts, 2,000 URLs, judged by the server's log
    scripts/bench_fetch.py scrapy PYTHON     # beside Scrapy, run by a Python that has it
    scripts/bench_fetch.py memory [MILLIONS] # a long list

`--pages FOLDER` serves the HTML files of a folder. Linux only.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
KHOBOR = os.path.join(ROOT, "target/release/khobor")
NEWSSTAND = os.path.join(ROOT, "target/release/examples/newsstand")
LATENCY = 0.05


class Stand:
    """The server, and its log once it has ended."""

    def __init__(self, folder, latency, pages=None):
        self.log_file = os.path.join(folder, "log.tsv")
        command = [NEWSSTAND, str(round(latency * 1000)), self.log_file] + ([pages] if pages else [])
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        by_host = {}
        for line in open(self.log_file):
            host, path, begun, ended = line.rstrip("\n").split("\t")
            by_host.setdefault(host, []).append((int(begun) / 1e6, int(ended) / 1e6, path))
        return by_host


def timed(command, **kwargs):
    """Wall seconds, CPU seconds, megabytes at the peak, and the status."""
    begun = time.monotonic()
    process = subprocess.Popen(command, **kwargs)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - begun
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode


def hosts(count):
    return [f"paper{n}.example" for n in range(count)]


def write_list(folder, port, names, each, order):
    urls = [f"http://{name}:{port}/news/{n}" for name in names for n in range(each)]
    if order == "shuffled":
        random.Random(7).shuffle(urls)
    path = os.path.join(folder, "list.txt")
    with open(path, "w") as file:
        file.writelines(url + "\n" for url in urls)
    return path, len(urls)


def scrape(folder, stand, names, listed, delay, concurrency, *extra):
    command = [KHOBOR, "scrape", "-q", "--progress", "never", "--input", listed]
    command += ["--per-host-delay", str(delay), "--concurrency", str(concurrency)]
    command += ["--output", os.path.join(folder, "out.jsonl"), "--overwrite"]
    command += ["--failures", os.path.join(folder, "failed.jsonl"), *extra]
    for name in names:
        command += ["--resolve", f"{name}:{stand.port}:127.0.0.1"]
    return command


def crowding(by_host):
    """The smallest gap between two starts at a host, and how often requests overlapped."""
    smallest, overlaps = float("inf"), 0
    for requests in by_host.values():
        requests.sort()
        for (begun, ended, _), (after, _, _) in zip(requests, requests[1:]):
            smallest = min(smallest, after - begun)
            overlaps += after < ended
    return smallest, overlaps


def one(delay, order, each=20, count=200, concurrency=256, pages=None, extra=()):
    with tempfile.TemporaryDirectory() as folder:
        stand = Stand(folder, LATENCY, pages)
        names = hosts(count)
        listed, total = write_list(folder, stand.port, names, each, order)
        command = scrape(folder, stand, names, listed, delay, concurrency, *extra)
        wall, cpu, peak, status = timed(command)
        by_host = stand.close()
    assert status in (0, 1), status
    assert sum(len(r) for r in by_host.values()) == total + count, "each page and robots.txt once"
    # robots.txt first, then each page; no more at once than the limit.
    bound = max(each * max(delay, LATENCY) + LATENCY, (total + count) * LATENCY / concurrency)
    # The same with the waits that the server really made: its timer is late too.
    made = max(
        sum(max(delay, ended - begun) for begun, ended, _ in requests[:-1]) + requests[-1][1] - requests[-1][0]
        for requests in map(sorted, by_host.values())
    )
    smallest, overlaps = crowding(by_host)
    return total, wall, bound, max(bound, made), cpu, smallest, overlaps


def schedule(arguments):
    print("| delay | list | pages | wall | bound | wall : bound | CPU | smallest gap | overlaps |")
    print("|---|---|---|---|---|---|---|---|---|")
    for delay in (0, 0.2):
        for order in ("sorted", "shuffled"):
            runs = [one(delay, order, arguments.each, pages=arguments.pages) for _ in range(arguments.rounds)]
            total, wall, bound, made, cpu, gap, overlaps = min(runs, key=lambda run: run[1] / run[3])
            print(
                f"| {delay} s | {order} | {total} | {wall:.2f} s | {bound:.2f} s; {made:.2f} s "
                f"| {wall / bound:.3f}; {wall / made:.3f} | {cpu:.2f} s | {gap * 1000:.1f} ms | {overlaps} |",
                flush=True,
            )


def polite(arguments):
    for extra in ((), ("--per-address",)):
        delay, each, count = (0.2, 40, 50) if not extra else (0.02, 8, 50)
        with tempfile.TemporaryDirectory() as folder:
            stand = Stand(folder, 0.01)
            names = hosts(count)
            listed, total = write_list(folder, stand.port, names, each, "shuffled")
            wall, *_ = timed(scrape(folder, stand, names, listed, delay, 256, *extra))
            by_host = stand.close()
        requests = [request for all_of in by_host.values() for request in all_of]
        assert len(requests) == total + count
        gap, overlaps = crowding({"": requests} if extra else by_host)
        what = "one address" if extra else "by host"
        print(f"{what}: {total} pages of {count} hosts in {wall:.1f} s, delay {delay * 1000:.0f} ms: "
              f"smallest gap {gap * 1000:.1f} ms, {overlaps} overlaps")


SPIDER = '''
import sys, scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.resolver import dnscache

listed, output, delay, concurrency, names = sys.argv[1:6]

class News(scrapy.Spider):
    name = "news"

    async def start(self):
        for name in names.split(","):
            dnscache[name] = "127.0.0.1"
        for line in open(listed):
            yield scrapy.Request(line.strip(), dont_filter=False)

    def parse(self, response):
        yield {
            "url": response.url,
            "headline": " ".join(response.css("h1 ::text").getall()).strip(),
            "body": "\\n\\n".join(
                text for p in response.css("p") if (text := "".join(p.css("::text").getall()).strip())
            ),
        }

settings = {
    "LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "ROBOTSTXT_OBEY": True,
    "CONCURRENT_REQUESTS": int(concurrency), "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY": float(delay), "RANDOMIZE_DOWNLOAD_DELAY": False, "DNSCACHE_SIZE": 100000,
    "SCHEDULER_PRIORITY_QUEUE": "scrapy.pqueues.DownloaderAwarePriorityQueue",
    "FEEDS": {output: {"format": "jsonlines", "encoding": "utf-8"}},
}
process = CrawlerProcess(settings)
process.crawl(News)
process.start()
'''


def scrapy(arguments):
    """Both fetch the same list with the same politeness from the same server, in turns."""
    count, each, delay, concurrency = 50, arguments.each, 0.02, 64
    pages = None if arguments.short else arguments.pages or os.path.join(ROOT, "fixtures/cases")
    print("| program | pages | wall | CPU | pages per CPU second | peak |")
    print("|---|---|---|---|---|---|")
    rates = {}
    with tempfile.TemporaryDirectory() as folder:
        stand = Stand(folder, 0.005, pages)
        names = hosts(count)
        listed, total = write_list(folder, stand.port, names, each, "shuffled")
        spider = os.path.join(folder, "spider.py")
        open(spider, "w").write(SPIDER)
        output = os.path.join(folder, "scrapy.jsonl")
        commands = {
            "khobor": scrape(folder, stand, names, listed, delay, concurrency),
            "Scrapy": [arguments.python, spider, listed, output, str(delay), str(concurrency), ",".join(names)],
        }
        for _ in range(arguments.rounds):
            for program, command in commands.items():
                if os.path.exists(output):
                    os.remove(output)
                wall, cpu, peak, status = timed(command)
                assert status in (0, 1), (program, status)
                if program == "Scrapy":
                    assert sum(1 for _ in open(output)) == total, "every page is an item"
                rates.setdefault(program, []).append(total / cpu)
                print(f"| {program} | {total} | {wall:.1f} s | {cpu:.2f} s | {total / cpu:.0f} | {peak:.0f} MB |",
                      flush=True)
        stand.close()
    best = {program: max(all_of) for program, all_of in rates.items()}
    print(f"\nkhobor : Scrapy = {best['khobor'] / best['Scrapy']:.1f}")


def memory(arguments):
    """The list is read to its end while few pages come; then the run is interrupted."""
    lines = round(arguments.millions * 1_000_000)
    with tempfile.TemporaryDirectory() as folder:
        stand = Stand(folder, LATENCY)
        listed = os.path.join(folder, "list.txt")
        names = hosts(1000)
        with open(listed, "w") as file:
            for name in names:
                file.writelines(
                    f"http://{name}:{stand.port}/bangla/national/2024/03/04/{n}\n" for n in range(lines // 1000)
                )
        begun = time.monotonic()
        process = subprocess.Popen(scrape(folder, stand, names, listed, 60, 64))
        fds = f"/proc/{process.pid}/fd"
        position = None
        size = os.path.getsize(listed)
        while position is None or position < size:
            time.sleep(0.2)
            for fd in os.listdir(fds):
                try:
                    if os.readlink(f"{fds}/{fd}") == listed:
                        position = int(open(f"/proc/{process.pid}/fdinfo/{fd}").readline().split()[1])
                        break
                except OSError:
                    pass
            else:
                # Closed at its end.
                position = size if position is not None else None
        wall = time.monotonic() - begun
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        stand.close()
    print(f"{lines} URLs, sorted by host: read in {wall:.1f} s, peak {usage.ru_maxrss / 1024:.0f} MB, "
          f"status {process.returncode}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    for run, each in ((schedule, 20), (polite, 0), (scrapy, 40), (memory, 0)):
        command = commands.add_parser(run.__name__)
        command.set_defaults(run=run)
        command.add_argument("--pages", help="folder of .html files to serve")
        command.add_argument("--each", type=int, default=each, help="pages of each host")
        if run is scrapy:
            command.add_argument("python")
            command.add_argument("--short", action="store_true", help="pages of a headline: fetching alone")
        if run in (schedule, scrapy):
            command.add_argument("--rounds", type=int, default=3)
        if run is memory:
            command.add_argument("millions", nargs="?", type=float, default=1)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    sys.exit(main())
