"""Writes made-up people and events: `python generate.py PEOPLE EVENTS`. The same numbers give the same files."""

import random
import sys
from datetime import datetime, timedelta

people, events = int(sys.argv[1]), int(sys.argv[2])
dice = random.Random(14)
plans = ["free", "trial", "pro", ""]
pages = ["/docs/start", "/docs/api", "/pricing", "/", "/blog"]
begin = datetime(2026, 9, 1)

with open("people.csv", "w", encoding="utf-8") as out:
    out.write("email,id,first_name,plan,lead_score\n")
    for n in range(people):
        out.write(f"person{n}@example.com,{n},Name {n % 997},{dice.choice(plans)},{n % 40}\n")

with open("events.jsonl", "w", encoding="utf-8") as out:
    for n in range(events):
        at = (begin + timedelta(seconds=7_700_000 * n // max(events, 1))).isoformat() + "Z"
        who = dice.randrange(people)
        # A tenth of the events name people by id; some name people nobody knows.
        person = str(who) if n % 10 == 0 else f"Person{who + (people if n % 97 == 0 else 0)}@example.com"
        kind = dice.random()
        if kind < 0.9:
            what = f'"type":"visit_web_page","web_page":"{dice.choice(pages)}"'
        elif kind < 0.99:
            what = '"type":"fill_out_form","form_name":"demo"'
        else:
            # Someone moves to another address.
            what = f'"type":"change_data_value","field":"email","new_value":"moved{n}@example.com"'
        out.write(f'{{"id":"e{n}","at":"{at}","person":"{person}",{what}}}\n')
