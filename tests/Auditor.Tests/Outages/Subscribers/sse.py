"""Follows the log by Server-Sent Events, and appends "sequence id" to the file OUT, by which it resumes."""
import json
import os
import time

import requests

out = open(os.environ["OUT"], "ab+", buffering=0)
out.seek(0)
lines = out.read().splitlines(keepends=True)
last = next((line.split()[0].decode() for line in reversed(lines) if line.endswith(b"\n")), "0")
if lines and not lines[-1].endswith(b"\n"):
    out.write(b"\n")
while True:
    try:
        headers = {"Authorization": "Bearer token", "Accept": "text/event-stream", "Last-Event-ID": last}
        with requests.get(os.environ["AUDITOR_URL"] + "/v1/events", headers=headers, stream=True, timeout=30) as stream:
            stream.raise_for_status()
            for line in stream.iter_lines(chunk_size=None):
                if line.startswith(b"data: "):
                    event = json.loads(line[6:])
                    last = str(int(event["sequence"]))
                    out.write(f"{last} {event['id']}\n".encode())
    except (requests.RequestException, ValueError):
        time.sleep(0.2)
