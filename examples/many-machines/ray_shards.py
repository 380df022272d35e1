"""Runs every shard as a task of Ray, and merges: `python ray_shards.py parts whole.db`.

Ray starts a task again when its machine dies (`max_retries`) or its command fails (`retry_exceptions`).
"""

import subprocess
import sys
from pathlib import Path

import ray

HERE = Path(__file__).resolve().parent


@ray.remote(num_cpus=1, max_retries=3, retry_exceptions=True)
def run(shard: str) -> str:
    subprocess.run(["sh", str(HERE / "shard.sh"), shard], check=True)
    return shard


def main(parts: str, whole: str) -> None:
    ray.init()
    shards = [str(path.resolve()) for path in Path(parts).glob("shard-*")]
    done = ray.get([run.remote(shard) for shard in shards])
    subprocess.run(["bugle", "shard", "merge", *done, "--db", whole], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
