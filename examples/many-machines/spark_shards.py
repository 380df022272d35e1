"""Runs every shard as a task of Spark, and merges: `spark-submit spark_shards.py parts whole.db`.

Spark starts a task again that fails (`spark.task.maxFailures`; locally `--master "local[*,4]"`).
"""

import subprocess
import sys
from pathlib import Path

from pyspark.sql import SparkSession

HERE = Path(__file__).resolve().parent


def run(shard: str) -> str:
    subprocess.run(["sh", str(HERE / "shard.sh"), shard], check=True)
    return shard


def main(parts: str, whole: str) -> None:
    spark = SparkSession.builder.appName("bugle").getOrCreate()
    shards = [str(path.resolve()) for path in Path(parts).glob("shard-*")]
    done = spark.sparkContext.parallelize(shards, len(shards)).map(run).collect()
    spark.stop()
    subprocess.run(["bugle", "shard", "merge", *done, "--db", whole], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
