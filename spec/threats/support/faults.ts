/** A fault as a server script and what a client has to do about it, tried on both clients. */
import { describe, expect, it } from 'vitest';
import type { FtpError } from '../../../lib/index.js';
import type { ScriptedServer } from '../../support/scripted-server.js';
import { type ClientUnderTest, type Open, openBasicFtp, openRxftp } from './client-under-test.js';

export interface Fault {
  /** The server's part. */
  readonly name: string;
  readonly serve: () => Promise<ScriptedServer>;
  /** The required facts of a client; throws if one is false. `open` may be what fails. */
  readonly holds: (client: ClientUnderTest, server: ScriptedServer) => Promise<void>;
  /** The class of this library's error, where there has to be one. */
  readonly error?: abstract new (
    ...args: never[]
  ) => FtpError;
  /** Whether basic-ftp 6.2.3 holds too. */
  readonly basicFtp: 'holds' | 'fails';
  readonly timeoutMs?: number;
}

/** The specs of faults: this library holds; basic-ftp does as it is known to do. */
export function describeFaults(title: string, faults: readonly Fault[]): void {
  describe(title, () => {
    describe.each(faults)('$name', (fault) => {
      it('is met by rxftp', () => attempt(fault, openRxftp));

      if (fault.basicFtp === 'holds') it('is met by basic-ftp 6.2.3 too', () => attempt(fault, openBasicFtp));
      else it('is not met by basic-ftp 6.2.3', () => expect(attempt(fault, openBasicFtp)).rejects.toThrow());
    });
  });
}

async function attempt(fault: Fault, open: Open): Promise<void> {
  await using server = await fault.serve();
  const client = await open(server, fault.timeoutMs ?? 2_000);
  try {
    await fault.holds(open === openRxftp ? typed(client, fault) : client, server);
  } finally {
    await client.close();
  }
}

/** The same client, whose failures must be of the class that the fault names. */
function typed(client: ClientUnderTest, { error: expected }: Fault): ClientUnderTest {
  if (expected === undefined) return client;
  return new Proxy(client, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== 'function') return method;
      return async (...args: readonly unknown[]): Promise<unknown> => {
        try {
          return await (Reflect.apply(method, target, args) as Promise<unknown>);
        } catch (error) {
          expect(error).toBeInstanceOf(expected);
          throw error;
        }
      };
    },
  });
}
