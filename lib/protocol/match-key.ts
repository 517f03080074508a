/** Tells whether `key`, in lower case, is in `line` at `start`, in either case. */
export function matchesKey(line: string, start: number, key: string): boolean {
  for (let index = 0; index < key.length; index += 1) {
    const unit = line.charCodeAt(start + index);
    const lower = unit >= 0x41 && unit <= 0x5a ? unit + 0x20 : unit;
    if (lower !== key.charCodeAt(index)) return false;
  }
  return true;
}
