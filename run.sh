#!/usr/bin/env bash
# The workflow, executable: ./run.sh demo runs the product, ./run.sh test tests it. The environment is .venv.
set -euo pipefail
cd "$(dirname "$0")"
python=.venv/bin/python

# What Qt, Chinese text and Python need from a Debian system.
debian_packages="python3-venv python3-pip fonts-noto-cjk libegl1 libgl1 libfontconfig1 libdbus-1-3 libxkbcommon-x11-0
  libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0
  libxcb-xinerama0 libxcb-xkb1"

system_packages() {
  command -v dpkg-query >/dev/null 2>&1 || return 0
  local missing=()
  for package in $debian_packages; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" = 0 ]; then
    echo "installing from the system: ${missing[*]}" >&2
    DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
  else
    printf '缺少系统软件包。请运行（或请管理员运行）：\n  sudo apt-get install -y %s\n' "${missing[*]}" >&2
  fi
}

# setup LOCK: make .venv hold exactly what the lock says; takes no time when it does already.
setup() {
  local lock=$1 stamp=.venv/.lock-sum sum
  sum=$(cat "$lock" | sha256sum)
  [ -x "$python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ] && return 0
  # A tested environment holds all that running needs.
  [ "$lock" = requirements.lock ] && [ -x "$python" ] &&
    [ "$(cat "$stamp" 2>/dev/null)" = "$(cat requirements-dev.lock | sha256sum)" ] && return 0
  system_packages
  local base
  base=$(command -v /usr/bin/python3 || command -v python3)
  if command -v uv >/dev/null 2>&1; then
    [ -x "$python" ] || uv venv -q --python "$base" .venv
    uv pip sync -q --python "$python" "$lock"
  else
    [ -x "$python" ] && "$python" -m pip --version >/dev/null 2>&1 || "$base" -m venv --clear .venv
    "$python" -m pip install -q --disable-pip-version-check --require-hashes -r "$lock"
  fi
  printf '%s' "$sum" > "$stamp"
}

# mutants [PATH]: small faults put into response/ and domain/ one by one (or into one file), and whether a test fails.
# mutmut is heavy and lives beside the environment, not in it.
mutants() {
  local home=$PWD/.venv/mutmut lock=requirements-mutants.lock named=${1%.py}
  named=${named//\//.}
  if ! cmp -s "$lock" "$home/lock"; then
    rm -rf "$home"
    "$python" -m pip install -q --disable-pip-version-check --require-hashes --target "$home" -r "$lock"
    cp "$lock" "$home/lock"
  fi
  rm -f mutants/mutmut-stats.json  # which test runs which function, that it would only ask of new tests
  QT_QPA_PLATFORM=offscreen PYTHONPATH=$home "$python" -m mutmut run ${named:+"$named*"} >&2
  PYTHONPATH=$home "$python" -m mutmut results --all true | awk -v of="$named" -F': ' '
    { sub(/^ */, "") } index($1, of) != 1 { next }
    { all++ } $2 == "killed" || $2 == "timeout" { killed++; next } { print }
    END { if (all) printf "killed %d of %d (%.1f %%)\n", killed, all, 100 * killed / all }'
}

command=${1:-help}
[ $# -gt 0 ] && shift
case $command in
  setup) setup requirements.lock ;;
  run) setup requirements.lock; exec "$python" main.py "$@" ;;
  demo)
    setup requirements.lock
    if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && [ "$(uname)" = Linux ]; then
      exec "$python" main.py demo --headless "$@"
    fi
    exec "$python" main.py demo "$@" ;;
  test) setup requirements-dev.lock; QT_QPA_PLATFORM=offscreen exec "$python" -m pytest "$@" ;;
  coverage)  # the tests again, counting which lines they run; slower, so not in `test`
    setup requirements-dev.lock
    QT_QPA_PLATFORM=offscreen exec "$python" -m pytest --cov --cov-report=term "$@" ;;
  check)
    setup requirements-dev.lock
    "$python" -m ruff format --check . && "$python" -m ruff check . && "$python" -m mypy && .venv/bin/lint-imports &&
      "$python" -m vulture ;;
  mutants)
    setup requirements-dev.lock
    mutants "${1:-}" ;;
  bench) setup requirements-dev.lock; exec "$python" "benchmarks/$1.py" "${@:2}" ;;
  *) echo "usage: ./run.sh demo|run|test|coverage|check|mutants [PATH]|bench NAME|setup" >&2; exit 2 ;;
esac
