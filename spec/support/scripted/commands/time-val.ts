/** RFC 3659's time-val, `YYYYMMDDHHMMSS` in UTC, with milliseconds only when there are any. */

export function timeVal(date: Date): string {
  const digits = date.toISOString().replaceAll(/[-:TZ]/g, '');
  return digits.replace(/\.000$/, '');
}

export function parseTimeVal(text: string): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
