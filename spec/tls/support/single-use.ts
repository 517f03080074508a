/** A network on which no TLS 1.3 ticket passes twice: as with a server whose tickets are good for one use. */
import { offeredTicket } from './client-hello.js';
import { DataRelay } from './data-relay.js';

export interface SingleUse extends AsyncDisposable {
  readonly relay: DataRelay;
  /** The tickets that were offered, in hex, in order. */
  readonly offered: readonly string[];
}

export async function singleUseTickets(): Promise<SingleUse> {
  const relay = await DataRelay.start();
  const offered: string[] = [];
  relay.admits = (hello) => {
    const ticket = offeredTicket(hello);
    if (ticket === undefined || offered.includes(ticket)) return false;
    offered.push(ticket);
    return true;
  };
  return { relay, offered, [Symbol.asyncDispose]: () => relay[Symbol.asyncDispose]() };
}
