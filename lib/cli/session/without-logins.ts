/** Masks the logins of URLs in a message. An argument at the wrong place is named there as a file, or as the value of an option. */
export function withoutLogins(said: string): string {
  return said.replace(/:\/\/.*@/gs, '://***@');
}
