#!/bin/sh
# What every shard is given: `shard.sh parts/shard-3`. Run again after a kill, it goes on from what was committed.
set -eu
campaigns=$(cd "$(dirname "$0")/campaigns" && pwd)
cd "$1"
# One clock for all shards.
export BUGLE_NOW=2026-12-01T00:00:00Z

# A list sets people to what it says: after the first event it must not be loaded again.
if [ ! -e loaded ]; then
    bugle -q campaign load "$campaigns"
    bugle -q person load people.csv
    touch loaded
fi
bugle -q campaign run "Autumn letter"
# All shards end at one instant, whichever has the last event. 6: some events were of people nobody knows.
bugle -q campaign replay-events events.jsonl --until "$BUGLE_NOW" --format json >counts.json || [ $? -eq 6 ]
