"""Verify an exported record (留痕) without 闻应: python3 verify_record.py FILE.jsonl [HEADS.txt ...]

Each line is an entry; its hash is SHA-256 over canonical JSON of all its other fields, and it names the hash before it.
The last line says how many entries there are and the last hash. HEADS are files in which heads that were laid down
elsewhere stand, one a line as "NUMBER HASH" (留痕锚点.txt, or what a briefing prints): the record must hold each.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

FIELDS = {"sequence", "at", "who", "action", "object", "before", "after", "previous", "hash"}


def canonical(value: object) -> str:
    """The one way in which a value is written as JSON: keys in order, no spaces, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def checked(lines: list[str]) -> list[str]:
    """The hashes of the entries in order. SystemExit with a sentence where something does not fit."""
    hashes: list[str] = ["0" * 64]
    end: dict[str, object] = {}
    for line in lines:
        number = len(hashes)
        if end:
            sys.exit("说明条数和末条的那一行后面还有内容，导出文件被改动过。")
        try:
            entry = json.loads(line)
            if canonical(entry) != line:
                raise ValueError
            if entry.keys() == {"entries", "head"}:
                end = entry
                continue
            claimed = entry.pop("hash")
            fits = entry.keys() | {"hash"} == FIELDS and entry["sequence"] == number
            fits = fits and entry["previous"] == hashes[-1]
            if not fits or hashlib.sha256(canonical(entry).encode()).hexdigest() != claimed:
                raise ValueError
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            sys.exit(f"第 {number} 条与链条不符，此后可能被改动过。")
        hashes.append(claimed)
    if not end:
        sys.exit(f"读到第 {len(hashes) - 1} 条，没有结尾的一行：导出没有做完，或后面被删掉了。")
    if end != {"entries": len(hashes) - 1, "head": hashes[-1]}:
        sys.exit(f"结尾说共 {end['entries']} 条，读到 {len(hashes) - 1} 条，或末条不同：导出文件被改动过。")
    return hashes


def main(path: str, heads: list[str]) -> None:
    """Say how an export stands. SystemExit with a sentence where something is wrong."""
    try:
        lines = Path(path).read_bytes().decode("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"读不了“{path}”：{error}")
    if lines.pop() != "":
        sys.exit("最后一行没有写完：导出没有做完，或后面被删掉了。")
    hashes = checked(lines)
    for file in heads:
        try:
            text = Path(file).read_bytes().decode("utf-8", "replace")
        except OSError as error:
            sys.exit(f"读不了“{file}”：{error}")
        for number, digest in re.findall(r"\b([0-9]{1,12}) ([0-9a-f]{16,64})\b", text):
            if int(number) >= len(hashes) or not hashes[int(number)].startswith(digest):
                sys.exit(f"“{file}”里存下的第 {number} 条，导出的留痕里没有：留痕被删改过，或恢复过备份。")
    print(f"共 {len(hashes) - 1} 条，链条完整。末条：{len(hashes) - 1} {hashes[-1]}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
