#!/bin/sh
# Counts the instructions that two revisions take for the whole extraction of
# the pages of the case folders, and prints the ratio. Unlike times they do not
# depend on what else the machine does.
#
#     scripts/instructions.sh REV_A [REV_B]
#
# REV_B is the working tree where it is left out. Needs valgrind. The pages are
# those of the working tree for both; what starting the program takes is in.
set -eu

[ $# -ge 1 ] || { echo "usage: $0 REV_A [REV_B]" >&2; exit 2; }
root=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
work=$(mktemp -d)
trap 'git -C "$root" worktree remove --force "$work/a" 2>/dev/null || true
      git -C "$root" worktree remove --force "$work/b" 2>/dev/null || true
      rm -rf "$work"' EXIT

# Builds a folder's program and prints the instructions of one run.
count() {
    (cd "$1" && CARGO_TARGET_DIR="$root/target/instructions/$2" cargo build --quiet --release --bin khobor)
    # Pages that are no articles end in a failure, and the run with status 1.
    valgrind --tool=callgrind --callgrind-out-file="$work/$2.out" \
        "$root/target/instructions/$2/release/khobor" extract -q --jobs 1 "$root/fixtures/cases" \
        >/dev/null 2>"$work/$2.log" || [ $? -eq 1 ]
    awk '/Collected/ { print $NF }' "$work/$2.log"
}

git -C "$root" worktree add --quiet --detach "$work/a" "$1"
a=$(count "$work/a" a)
if [ $# -ge 2 ]; then
    git -C "$root" worktree add --quiet --detach "$work/b" "$2"
    b=$(count "$work/b" b)
else
    b=$(count "$root" b)
fi
awk -v a="$a" -v b="$b" -v one="$1" -v two="${2:-working tree}" \
    'BEGIN { printf "%s: %d\n%s: %d\nratio: %.3f\n", one, a, two, b, b / a }'
