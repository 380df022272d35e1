#!/bin/sh
# Runs all shards on this machine, one on each processor, and merges them: `parallel.sh parts whole.db`.
# With GNU parallel, the same over ssh: parallel --retries 3 --sshloginfile machines sh shard.sh ::: parts/shard-*
set -eu
here=$(cd "$(dirname "$0")" && pwd)

# Tries a shard up to three times.
attempt='for try in 1 2 3; do sh "$0/shard.sh" "$1" && exit; done; exit 1'
if command -v parallel >/dev/null; then
    parallel --retries 3 sh "$here/shard.sh" ::: "$1"/shard-*
else
    printf '%s\0' "$1"/shard-* | xargs -0 -n 1 -P "$(nproc)" sh -c "$attempt" "$here"
fi
bugle shard merge "$1" --db "$2"
