#!/bin/sh
# Links the session core into a program without std, allocator or reachable panic,
# then shows that the same link fails when there is one. Says what it found; exit 1
# if either half is wrong. Needs a C compiler as linker (Linux, GNU ld or lld).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${CARGO_TARGET_DIR:-$here/../../../target}/probe
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# No C library and no start files; --export-dynamic keeps every exported function.
link() {
    cargo rustc --quiet --release --locked --manifest-path "$here/Cargo.toml" --target-dir "$target" "$@" -- \
        -C link-arg=-nostartfiles -C link-arg=-nostdlib -C link-arg=-nodefaultlibs \
        -C link-arg=-Wl,--no-undefined -C link-arg=-Wl,--export-dynamic -C link-arg=-Wl,--entry=step \
        >"$log" 2>&1
}

if ! link; then
    cat "$log"
    echo "traction: a panic, an allocation or std is reachable" >&2
    exit 1
fi
fails_with() {
    if link --features "$1"; then
        echo "traction: the probe linked with $1, so it proves nothing" >&2
        exit 1
    fi
    if ! grep -q "$2" "$log"; then
        cat "$log"
        echo "traction: the probe failed with $1 for another reason than '$2'" >&2
        exit 1
    fi
}
fails_with prove-panic 'undefined symbol: a_panic_is_reachable_in_traction\|undefined reference to .a_panic_is_reachable_in_traction'
fails_with prove-alloc 'no global memory allocator found'
fails_with prove-std 'panic_impl'
echo "traction: links without std, allocator or reachable panic; each of the three fails the link"
