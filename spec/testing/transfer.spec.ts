import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { DataChannel } from '../../lib/testing/data-channel.js';
import { Transfer } from '../../lib/testing/transfer.js';

it('a transfer that is cancelled closes its data connection', async () => {
  const channel = await DataChannel.passive('127.0.0.1', () => {});
  const client = connect({ host: '127.0.0.1', port: channel.port });
  const transfer = new Transfer(channel);
  await channel.open(undefined);
  expect(transfer.cancelled.aborted).toBe(false);
  transfer.cancel();
  expect(transfer.cancelled.aborted).toBe(true);
  await once(client.resume(), 'close');
});
