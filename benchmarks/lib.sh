#!/usr/bin/env bash
# What the process-level benchmarks share; sourced by them. A script calls begin first, and end_all runs
# by itself when it exits, however that comes about.
# shellcheck disable=SC2034 # many variables are set here for the scripts
set -euo pipefail

benchmarks=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
home=${benchmarks%/*}
program=${0##*/}

pids=()       # children of this script that run
declare -A launched # the names that they have here
namespaces=() # network namespaces that it made
scratch=      # its temporary folder
pid=          # what launch started last
limit=        # the C program, once it is built
own_policy=   # the file that keeps services from being started, while there is one of this script's
sleeper=      # the sleep that pause waits for
jdk_list=()   # homes of the JDKs to measure
install=false

say() {
  printf '%s: %s\n' "$program" "$*" >&2
}

fail() {
  say "$*"
  exit 1
}

# The comment at the head of the script, as the help.
usage() {
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
}

# Ends what still runs, and removes what was made.
end_all() {
  local status=$? each
  trap - EXIT
  trap '' INT TERM HUP
  for each in "${pids[@]}" $sleeper; do
    # What strace follows outlives it.
    find_tree "$each"
    kill -KILL "${tree[@]}" 2>/dev/null || true
    wait "$each" 2>/dev/null || true
  done
  for each in "${namespaces[@]}"; do
    ip netns del "$each" || true
  done
  [[ -z $own_policy ]] || rm -f -- "$own_policy"
  [[ -z $scratch ]] || rm -rf -- "$scratch"
  exit "$status"
}

# Prepares a run: the temporary folder, and that nothing outlives the script.
begin() {
  trap end_all EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/duologger-$program.XXXXXX")
  mkdir "$scratch/state"
  export STATE_DIRECTORY=$scratch/state LC_ALL=C
  unset DUOLOGGER_JAVA_OPTS JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS
}

# Sleeps for $1 seconds; unlike with sleep alone, a signal ends the script at once.
pause() {
  sleep "$1" &
  sleeper=$!
  wait "$sleeper"
  sleeper=
}

# Sees that commands are there. Arguments are COMMAND=PACKAGE. With --install missing packages are installed
# (and no service of theirs started); otherwise the script ends and says how.
need() {
  local each missing=() policy=/usr/sbin/policy-rc.d
  for each; do
    [[ -x $(command -v -- "${each%%=*}") ]] || missing+=("${each#*=}")
  done
  ((${#missing[@]})) || return 0
  if ! $install; then
    fail "packages are missing. Give --install, or run as root: apt-get install --no-install-recommends ${missing[*]}"
  fi
  ((EUID == 0)) || fail '--install wants root'
  if [[ ! -e $policy ]]; then
    own_policy=$policy
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >&2 ||
    fail 'apt-get has failed; perhaps apt-get update is due'
  if [[ -n $own_policy ]]; then
    rm -f -- "$own_policy"
    own_policy=
  fi
}

# The first value of key $2 ("model name") in the file $1.
value() {
  awk -F '[:=]' -v key="$2" '
    { gsub(/^[ \t]+|[ \t]+$/, "", $1) }
    $1 == key { gsub(/^[ \t"]+|[ \t"]+$/, "", $2); print $2; exit }' "$1"
}

# Sets jdk to the home of JDK $1 ("17"): what JDK17 says, or the first below /usr/lib/jvm of that version.
find_jdk() {
  local variable=JDK$1 folder
  jdk=${!variable:-}
  [[ -z $jdk ]] || return 0
  for folder in /usr/lib/jvm/*; do
    if [[ -x $folder/bin/java && -r $folder/release ]] && grep -q "^JAVA_VERSION=\"$1[.\"]" "$folder/release"; then
      jdk=$folder
      return 0
    fi
  done
  fail "no JDK $1 below /usr/lib/jvm; name its home in $variable, or choose others with --jdk"
}

# Builds what is measured: the program, its cache of classes for each JDK in jdk_list, so that no start makes it in the
# background, and limit (sets limit to it).
build() {
  local each
  need cc=gcc
  limit=$scratch/limit
  cc -std=c11 -O2 -Wall -Wextra -o "$limit" "$benchmarks/limit.c"
  if [[ ! -f $home/target/duologger.jar ]]; then
    say 'building duologger'
    (cd "$home" && mvn -q -B -DskipTests package >&2)
  fi
  if grep -q -e --make-cache "$home/sbin/duologger"; then
    for each in "${jdk_list[@]}"; do
      JAVA_HOME=$each "$home/sbin/duologger" --make-cache >&2 || say "no cache of classes for $each"
    done
  fi
}

# Prints what the figures depend on. Arguments are further rows, "name|value".
facts() {
  local version each
  version=$(git -C "$home" rev-parse --short HEAD 2>/dev/null || echo unknown)
  [[ -z $(git -C "$home" status --porcelain 2>/dev/null) ]] || version="$version, changed"
  cat <<EOF
| fact | value |
|---|---|
| date | $(date -u +%Y-%m-%d) |
| version | $version |
| processor | $(nproc) x $(value /proc/cpuinfo 'model name') |
| memory | $(($(awk '/^MemTotal:/ { print $2 }' /proc/meminfo) / 1024)) MiB |
| kernel | $(uname -sr) |
| system | $(value /etc/os-release PRETTY_NAME) |
| load before | $(cut -d ' ' -f 1-3 /proc/loadavg) |
EOF
  if [[ -n $limit ]]; then
    printf '| C compiler | %s |\n' "$(cc --version | head -n 1)"
  fi
  for each in "${jdk_list[@]}"; do
    printf '| Java | %s |\n' "$("$each/bin/java" -version 2>&1 | sed -n 's/^OpenJDK Runtime Environment //p')"
  done
  for each; do
    printf '| %s | %s |\n' "${each%%|*}" "${each#*|}"
  done
  echo
}

# "PACKAGE|VERSION" of an installed package, for facts.
package_fact() {
  printf '%s|%s' "$1" "$(dpkg-query --show --showformat='${Version}' "$1" 2>/dev/null || echo unknown)"
}

# Starts a command in the background, its output to files of the name $1 in the temporary folder, and sets pid.
launch() {
  local name=$1
  shift
  "$@" </dev/null >"$scratch/$name.out" 2>"$scratch/$name.err" &
  pid=$!
  pids+=("$pid")
  launched[$pid]=$name
}

# Fails, with what it said, if the child $1 has ended.
alive() {
  if ! kill -0 "$1" 2>/dev/null; then
    tail -n 20 -- "$scratch/${launched[$1]}.err" >&2
    fail "${launched[$1]} has ended"
  fi
}

# Ends the child $1: by TERM, after 10 s by KILL.
finish() {
  local each rest=() tries=0
  kill -TERM "$1" 2>/dev/null || true
  kill -CONT "$1" 2>/dev/null || true
  while kill -0 "$1" 2>/dev/null && ((tries++ < 100)); do
    pause 0.1
  done
  kill -KILL "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
  for each in "${pids[@]}"; do
    [[ $each == "$1" ]] || rest+=("$each")
  done
  pids=("${rest[@]}")
}

# Waits until the child $1 ends by itself.
await() {
  local each rest=() status=0
  wait "$1" || status=$?
  for each in "${pids[@]}"; do
    [[ $each == "$1" ]] || rest+=("$each")
  done
  pids=("${rest[@]}")
  return "$status"
}

# Starts duologger as a user would: launch_duologger NAME JDK CONFIGURATION [COMMAND BEFORE IT...]. Sets pid.
launch_duologger() {
  local name=$1 jdk=$2
  printf '%s\n' "$3" >"$scratch/$name.conf"
  shift 3
  launch "$name" env JAVA_HOME="$jdk" "$@" "$home/sbin/duologger" --config "$scratch/$name.conf"
}

# Waits until duologger, the child $1, takes signals: before that USR1 would end it.
await_duologger() {
  local tries=0 caught
  until caught=$(awk '/^SigCgt:/ { print $2 }' "/proc/$1/status" 2>/dev/null) && ((16#${caught:-0} & 1 << 9)); do
    alive "$1"
    ((tries++ < 600)) || fail 'duologger does not start'
    pause 0.1
  done
}

# The modules part of a configuration: modules_of INTERVAL NAME...
modules_of() {
  local interval=$1 name
  shift
  echo 'modules {'
  for name; do
    echo "  $name { every = $interval }"
  done
  echo '}'
}

# Sets tree to the process $1 and its descendants.
find_tree() {
  local i children
  tree=("$1")
  for ((i = 0; i < ${#tree[@]}; i++)); do
    mapfile -t children < <(pgrep -P "${tree[i]}" || true)
    tree+=("${children[@]}")
  done
}

# Sets cpu_ns to the processor time of the processes in tree in nanoseconds, from the scheduler's
# account of each thread; and cpu_ticks to the same from user and system time, which is coarse (10 ms) but has
# the threads and children that have ended too.
read_cpu() {
  local each file line ns fields
  cpu_ns=0
  cpu_ticks=0
  for each in "${tree[@]}"; do
    for file in "/proc/$each/task/"*/schedstat; do
      if { read -r ns _ <"$file"; } 2>/dev/null; then
        cpu_ns=$((cpu_ns + ns))
      fi
    done
    if { read -r line <"/proc/$each/stat"; } 2>/dev/null; then
      # From the third field on; the second may hold blanks.
      read -r -a fields <<<"${line##*) }"
      cpu_ticks=$((cpu_ticks + fields[11] + fields[12] + fields[13] + fields[14]))
    fi
  done
}

# Sets rss and pss to the memory of the process $1 and its descendants, in KiB.
read_memory() {
  local each size
  rss=0
  pss=0
  find_tree "$1"
  for each in "${tree[@]}"; do
    size=$(awk '/^VmRSS:/ { print $2 }' "/proc/$each/status" 2>/dev/null) || true
    rss=$((rss + ${size:-0}))
    size=$(awk '/^Pss:/ { print $2 }' "/proc/$each/smaps_rollup" 2>/dev/null) || true
    pss=$((pss + ${size:-0}))
  done
}

# Sets clock to the microseconds since the epoch.
read_clock() {
  clock=${EPOCHREALTIME/[.,]/}
}

# Sets share and check to the percentages of a core that the process $1 takes over $2 seconds, by both accounts of
# read_cpu, used_us to the microseconds of processor time, and span_us to the time that really went by.
measure_cpu() {
  local ns ticks start per_second
  per_second=$(getconf CLK_TCK)
  find_tree "$1"
  read_cpu
  ns=$cpu_ns ticks=$cpu_ticks
  read_clock
  start=$clock
  pause "$2"
  read_cpu
  read_clock
  span_us=$((clock - start))
  used_us=$(((cpu_ns - ns) / 1000))
  share=$(awk -v ns=$((cpu_ns - ns)) -v us="$span_us" 'BEGIN { printf "%.4f", ns / us / 10 }')
  check=$(awk -v t=$((cpu_ticks - ticks)) -v us="$span_us" -v hz="$per_second" 'BEGIN { printf "%.4f", t / hz * 1e8 / us }')
}

# The median of the arguments.
median() {
  printf '%s\n' "$@" | sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# The value of key $1 in the line $2 of key=value; empty if it has none.
pair() {
  local each
  for each in $2; do
    if [[ $each == "$1="* ]]; then
      printf '%s' "${each#*=}"
      return 0
    fi
  done
}

# $1 as a number with $2 digits after the point, or nothing if $1 is empty.
digits() {
  [[ -z $1 ]] || printf '%.*f' "$2" "$1"
}

# The awk expression $1 over the numbers a = $2 and b = $3, with 2 digits; nothing if b is 0 or one is missing.
calc() {
  awk -v a="$2" -v b="${3-1}" "BEGIN { if (a != \"\" && b != \"\" && b + 0 != 0) printf \"%.2f\", $1 }"
}

# Options that all scripts have: parse_common OPTION [VALUE] sets used to the number of arguments taken, or 0.
parse_common() {
  used=1
  case $1 in
    --short) short=true ;;
    --full) short=false ;;
    --install) install=true ;;
    --help | -h)
      usage
      exit 0
      ;;
    --jdk)
      [[ -n ${2:-} ]] || fail '--jdk wants versions, such as "17 25"'
      jdks=$2
      used=2
      ;;
    *) used=0 ;;
  esac
}
short=false
jdks=
jdk=

# Sets jdk_list to the homes of the JDKs that --jdk named, or else of those in $1.
find_jdks() {
  local each
  for each in ${jdks:-$1}; do
    find_jdk "$each"
    jdk_list+=("$jdk")
  done
}

# The version of the JDK in the folder $1: 17.
jdk_name() {
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}
