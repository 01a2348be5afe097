"""Verify an exported record (留痕) without 闻应: python3 verify_record.py FILE.jsonl

Each line is an entry; its hash is SHA-256 over canonical JSON of all its other fields, and it names the hash before it.
"""

import hashlib
import json
import sys
from pathlib import Path

previous, count = "0" * 64, 0
with Path(sys.argv[1]).open(encoding="utf-8") as lines:
    for line in lines:
        entry = json.loads(line)
        count += 1
        claimed = entry.pop("hash")
        text = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        fits = entry["sequence"] == count and entry["previous"] == previous
        if not fits or hashlib.sha256(text.encode()).hexdigest() != claimed:
            sys.exit(f"第 {count} 条与链条不符，此后可能被改动过。")
        previous = claimed
print(f"共 {count} 条，链条完整。末条哈希：{previous}")
