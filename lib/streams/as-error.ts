/** RxJS lets anything be thrown; a Node stream is destroyed by an Error. */
export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error), { cause: error });
}
