/** Counts what all clients of a process do, from the channels of node:diagnostics_channel. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Meter } from '@opentelemetry/api';
import type { FtpEvent, Reply } from '../../lib/index.js';

/** Counts until the returned function is called. */
export function countFtp(meter: Pick<Meter, 'createCounter' | 'createHistogram'>): () => void {
  const commands = meter.createCounter('ftp.commands', { description: 'Commands that were sent.' });
  const replies = meter.createCounter('ftp.replies', { description: 'Replies that have come.' });
  const events = meter.createCounter('ftp.events', { description: 'Events, by their type.' });
  const bytes = meter.createCounter('ftp.transfer.bytes', { unit: 'By', description: 'Bytes that have moved.' });
  const duration = meter.createHistogram('ftp.transfer.duration', { unit: 'ms', description: 'Time of a transfer.' });

  const onCommand = (message: unknown): void => {
    const { command } = message as { readonly command: string };
    commands.add(1, { 'ftp.verb': command.split(' ', 1)[0] });
  };
  const onReply = (message: unknown): void => {
    const { reply } = message as { readonly reply: Reply };
    replies.add(1, { 'ftp.reply.class': reply.class });
  };
  const onEvent = (message: unknown): void => {
    const event = message as FtpEvent;
    events.add(1, { 'ftp.event': event.type });
    if (event.type !== 'transfer-ended') return;
    bytes.add(event.bytes, { 'ftp.transfer.end': event.end });
    duration.record(event.ms, { 'ftp.transfer.end': event.end });
  };
  const listeners = { 'rxftp:command': onCommand, 'rxftp:reply': onReply, 'rxftp:event': onEvent };
  for (const [channel, listener] of Object.entries(listeners)) subscribe(channel, listener);
  return () => {
    for (const [channel, listener] of Object.entries(listeners)) unsubscribe(channel, listener);
  };
}
