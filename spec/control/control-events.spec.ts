/** The one stream of a control connection: its observers, its dispatch, and the channels of the process. */

import diagnostics from 'node:diagnostics_channel';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ControlEvents } from '../../lib/control/control-events.js';
import { SYSTEM_CLOCK } from '../../lib/net/clock.js';
import { createReply } from '../../lib/protocol/reply.js';
import { observe } from '../support/observe.js';
import { closing as cause } from './support/wire.js';

const reply = createReply(200, ['Well.']);

function stream() {
  const acted: string[] = [];
  const act = (what: string) => () => void acted.push(`${what}: ${events.state.status}`);
  const events: ControlEvents = new ControlEvents(7, SYSTEM_CLOCK, { onTold: act('told'), onClosed: act('closed') });
  return { events, acted };
}

describe('the events of a control connection', () => {
  it('are picked by their type', async () => {
    const { events } = stream();
    const [replies, moved] = [observe(events.of('reply')), observe(events.of('moved'))];
    events.reply(reply);
    events.moved();
    events.close(cause);
    expect(await replies.settled).toEqual([{ type: 'reply', reply }]);
    expect(await moved.settled).toEqual([{ type: 'moved' }]);
  });

  it('are shown before the channel acts on them', () => {
    const { acted, events } = stream();
    const told: number[] = [];
    events.of('told').subscribe(() => told.push(acted.length));
    events.of('closed').subscribe(() => told.push(acted.length));
    events.tell({ type: 'ready' });
    events.close(cause);
    expect(told).toEqual([0, 1]);
    expect(acted).toEqual(['told: connecting', 'closed: closed']);
  });

  it('make the state', async () => {
    const { events } = stream();
    const states = observe(events.state.changes$);
    events.activity('busy');
    events.activity('aborting');
    events.close(cause);
    events.activity('idle');
    const statuses = ['connecting', 'busy', 'aborting'].map((status) => ({ status }));
    expect(await states.settled).toEqual([...statuses, { status: 'closed', cause }]);
  });

  it('end with the close for observers; what is told later still reaches the channel', async () => {
    const { acted, events } = stream();
    const closed = observe(events.of('closed'));
    events.close(cause);
    events.tell({ type: 'fallback', what: 'EPSV', to: 'PASV' });
    expect(await closed.settled).toEqual([{ type: 'closed', cause }]);
    expect(acted).toEqual(['closed: closed', 'told: closed']);
    expect(await observe(events.reply$).settled).toEqual([]);
  });
});

describe('the channels of the process', () => {
  const published = vi.fn();
  afterEach(() => {
    for (const name of ['rxftp:command', 'rxftp:reply']) diagnostics.unsubscribe(name, published);
    published.mockClear();
  });

  it('get commands and replies with their session and time, without any other observer', () => {
    const { events } = stream();
    for (const name of ['rxftp:command', 'rxftp:reply']) diagnostics.subscribe(name, published);
    const before = Date.now();
    events.sent('PASS ***');
    events.reply(reply);
    const at = expect.closeTo(before, -4);
    expect(published.mock.calls).toEqual([
      [{ session: 7, at, command: 'PASS ***' }, 'rxftp:command'],
      [{ session: 7, at, reply }, 'rxftp:reply'],
    ]);
  });
});
