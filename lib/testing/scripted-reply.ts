/** Checks the lines of a test's handler. They must be whole replies, as a client can read them (RFC 959 section 4.2). */

const FIRST_LINE = /^([1-6]\d\d)(?:([ -]).*)?$/;

/** Whether `lines` are replies: each begins with a code, and one of several lines ends with `code ` or the code alone. */
export function areReplies(lines: readonly unknown[]): lines is readonly string[] {
  let open: string | undefined;
  for (const line of lines) {
    if (typeof line !== 'string' || /[\r\n\0]/.test(line)) return false;
    const [, code, separator] = FIRST_LINE.exec(line) ?? [];
    if (open === undefined) {
      if (code === undefined) return false;
      if (separator === '-') open = code;
    } else if (code === open && separator !== '-') open = undefined;
  }
  return open === undefined;
}
