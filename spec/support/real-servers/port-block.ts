/**
 * Ports for one server that no other server of ours has: not in this process, nor in one that runs beside it.
 *
 * The process that listens on the first port of a block owns the block. So the kernel is the only book-keeper, and a crash leaves no entry
 * behind. The blocks end where Linux's ephemeral ports begin. The second port of a block is for ProFTPD, which binds active data
 * connections to the port below its own (RFC 959 section 8).
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

const blockSize = 128;
const firstBlock = 10_240;
const blocks = (32_768 - firstBlock) / blockSize;

export interface PortBlock {
  readonly control: number;
  readonly passive: { readonly first: number; readonly last: number };
  /** Gives the block back. */
  release(): void;
}

/** Takes a free block, beginning anywhere; errors when all are taken. */
export async function claimPorts(): Promise<PortBlock> {
  const start = Math.floor(Math.random() * blocks);
  for (let n = 0; n < blocks; n++) {
    const first = firstBlock + ((start + n) % blocks) * blockSize;
    const claim = await listenOn(first);
    if (claim === undefined) continue;
    const control = await listenOn(first + 2);
    if (control === undefined) {
      claim.close();
      continue;
    }
    control.close();
    return {
      control: first + 2,
      passive: { first: first + 3, last: first + blockSize - 1 },
      release: () => claim.close(),
    };
  }
  throw new Error('all blocks of ports are taken');
}

async function listenOn(port: number): Promise<Server | undefined> {
  const server = createServer().listen({ port, host: '127.0.0.1', exclusive: true });
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
  return server.unref();
}
