/**
 * Records the events of the scripted server, in order, and makes promises for later ones.
 *
 * Every entry has a number of its own, so that a spec can state an order ("the data connection was there before RETR")
 * instead of waiting for a while. A wait looks at the past first: it cannot miss what was faster than the spec.
 */

export interface EventFields {
  /** A control connection was accepted. */
  connected: { readonly from: string };
  /** The control connection is under TLS from here on. */
  secured: { readonly resumed: boolean; readonly servername: string | undefined };
  /** A command line; `line` has its bytes with the line end, `secure` is false when it came in clear. */
  command: {
    readonly line: Buffer;
    readonly text: string;
    readonly verb: string;
    readonly argument: string;
    readonly secure: boolean;
  };
  reply: { readonly text: string; readonly secure: boolean };
  'tls-failed': { readonly error: unknown };
  /** The client's FIN on the control connection. */
  'control-ended': object;
  'control-closed': { readonly reset: boolean };
  'data-listening': { readonly port: number };
  'data-opened': { readonly from: string; readonly active: boolean };
  'data-secured': { readonly resumed: boolean; readonly servername: string | undefined };
  'data-tls-failed': { readonly error: unknown };
  /** Active mode: the client could not be reached. */
  'data-refused': { readonly error: Error };
  /** The client's FIN on a data connection. */
  'data-ended': { readonly received: number };
  'data-closed': { readonly reset: boolean; readonly received: number; readonly sent: number };
  /** A handler of the spec threw while its session was alive; `close()` throws it too. */
  'handler-failed': { readonly error: unknown };
}

export type EventKind = keyof EventFields;
export type EventOf<K extends EventKind> = {
  readonly kind: K;
  /** Position in the order of all events of the server, from 1. */
  readonly seq: number;
  /** Which control connection, from 1. */
  readonly session: number;
} & Readonly<EventFields[K]>;
export type ServerEvent = { [K in EventKind]: EventOf<K> }[EventKind];

interface Waiter {
  readonly seen: (event: ServerEvent) => void;
  readonly closed: (cause: Error) => void;
}

export class Journal {
  readonly events: ServerEvent[] = [];
  readonly #waiters = new Set<Waiter>();
  #closed = false;

  record<K extends EventKind>(kind: K, session: number, fields: EventFields[K]): EventOf<K> {
    const event = { kind, seq: this.events.length + 1, session, ...fields } as EventOf<K>;
    this.events.push(event as ServerEvent);
    for (const waiter of [...this.#waiters]) waiter.seen(event as ServerEvent);
    return event;
  }

  of<K extends EventKind>(kind: K): EventOf<K>[] {
    return this.events.filter((event) => event.kind === kind) as unknown as EventOf<K>[];
  }

  /** The `nth` event of a kind for which `where` holds, past or to come; rejects when the server closes before it. */
  wait<K extends EventKind>(kind: K, where: (event: EventOf<K>) => boolean, nth: number): Promise<EventOf<K>> {
    let missing = nth;
    const matches = (event: ServerEvent): boolean => event.kind === kind && where(event as unknown as EventOf<K>);
    const past = this.events.find((event) => matches(event) && --missing === 0);
    if (past !== undefined) return Promise.resolve(past as unknown as EventOf<K>);
    return this.#pending(kind, (event) => matches(event) && --missing === 0);
  }

  close(): void {
    this.#closed = true;
    for (const waiter of [...this.#waiters]) waiter.closed(new Error('the scripted server was closed'));
  }

  #pending<K extends EventKind>(kind: K, isIt: (event: ServerEvent) => boolean): Promise<EventOf<K>> {
    const pending = new Promise<EventOf<K>>((resolve, reject) => {
      const closed = (cause: Error): void => {
        this.#waiters.delete(waiter);
        reject(new Error(`never saw: ${kind}`, { cause }));
      };
      const seen = (event: ServerEvent): void => {
        if (!isIt(event)) return;
        this.#waiters.delete(waiter);
        resolve(event as unknown as EventOf<K>);
      };
      const waiter: Waiter = { seen, closed };
      this.#waiters.add(waiter);
      if (this.#closed) closed(new Error('the scripted server is closed'));
    });
    // The awaiting code sees the rejection; a wait without a reader must not fail the run.
    pending.catch(() => undefined);
    return pending;
  }
}
