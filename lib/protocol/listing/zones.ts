/** Lists the zones that `ls` and `date` print. If several countries use one name for different zones, it tells no distance. */

const HOUR = 60;

/** Minutes ahead of UTC. */
const ZONES: Readonly<Partial<Record<string, number>>> = /* @__PURE__ */ Object.freeze({
  UTC: 0,
  GMT: 0,
  WET: 0,
  WEST: HOUR,
  CET: HOUR,
  MEZ: HOUR,
  CEST: 2 * HOUR,
  MESZ: 2 * HOUR,
  EET: 2 * HOUR,
  EEST: 3 * HOUR,
  MSK: 3 * HOUR,
  JST: 9 * HOUR,
  KST: 9 * HOUR,
  AEDT: 11 * HOUR,
  AEST: 10 * HOUR,
  NZST: 12 * HOUR,
  NZDT: 13 * HOUR,
  EDT: Number.NaN,
  CDT: Number.NaN,
  CST: Number.NaN,
  EST: Number.NaN,
  BST: Number.NaN,
  IST: Number.NaN,
  SST: Number.NaN,
  MST: -7 * HOUR,
  MDT: -6 * HOUR,
  PST: -8 * HOUR,
  PDT: -7 * HOUR,
});

/** Minutes ahead of UTC; NaN if the name is of several zones, `undefined` if it is of none. */
export function zoneMinutes(text: string): number | undefined {
  return Object.hasOwn(ZONES, text) ? ZONES[text] : numericZone(text);
}

/** Up to 14 hours. */
const NUMERIC = /^([+-])(0\d|1[0-4]):?([0-5]\d)$/;

/** Of `+0100` and `+01:00`. */
export function numericZone(text: string): number | undefined {
  const zone = text.length === 5 || text.length === 6 ? NUMERIC.exec(text) : null;
  return zone === null ? undefined : (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3]));
}
