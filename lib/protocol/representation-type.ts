/** Reads TYPE's argument (RFC 959 section 3.1.1): `I`, `A`, `A N`, `L 8`. */

/** The one spelling of a type: upper case, single spaces, and without the format N, which is the default. */
export function canonicalType(argument: string): string {
  return argument.trim().toUpperCase().replace(/ +/g, ' ').replace(/ N$/, '');
}

/** Whether `type`, in its one spelling, is ASCII, whose line ends are CRLF on the way; print formats are ASCII too. */
export function isAscii(type: string): boolean {
  return type === 'A' || type.startsWith('A ');
}
