/** Makes an Error of any thrown value, since RxJS throws anything and a Node stream needs an Error. */
export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error), { cause: error });
}
