/** The least that a transfer must move, as an average over each window of `overMs`. */
export interface MinRate {
  readonly bytesPerSecond: number;
  /** The length of a window, in milliseconds. Only time counts in which bytes should move. */
  readonly overMs: number;
}
