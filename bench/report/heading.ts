/** Writes the conditions of a report's figures: the command, the time, the machine, the contenders. */
import { describeMachine, loadNow } from '../lab/machine.js';
import type { Peer } from '../peers/peer.js';

export async function heading(args: readonly string[], peers: readonly Peer[]): Promise<string> {
  const command = args.length === 0 ? 'npm run bench' : `npm run bench -- ${args.join(' ')}`;
  const contenders = await Promise.all(peers.map((peer) => peer.describe()));
  const when = new Date().toISOString().slice(0, 16).replace('T', ' ');
  return [
    '# Results',
    `    ${command}`,
    `${when} UTC; ${describeMachine()}; ${contenders.join(', ')}. Load at the start: ${loadNow()}.`,
    [
      'Whole processes, in rounds that begin with another contender each time; files in memory; servers and clients in network',
      'namespaces with reno, where the bench runs as root. `x basic-ftp` is how many times as fast, or as cheap, as basic-ftp;',
      '`MB` is 10^6 bytes, `KiB` and `MiB` are 2^10 and 2^20.',
      'Before each run three times the memory that it fills is used and let go: pages that a virtual machine has given back',
      'to its host take up to 2.5 s for each GiB to get, which is luck, and more than most runs take.',
    ].join('\n'),
  ].join('\n\n');
}
