/** The one stream of a control connection: its observers, its dispatch, and the channels of the process. */

import diagnostics from 'node:diagnostics_channel';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ControlEvent, ControlEvents } from '../../lib/control/control-events.js';
import { SYSTEM_CLOCK } from '../../lib/net/clock.js';
import { createReply } from '../../lib/protocol/reply.js';
import { observe } from '../support/observe.js';
import { closing as cause } from './support/wire.js';

const reply = createReply(200, ['Well.']);

function stream(dispatch: (event: ControlEvent) => void = () => {}) {
  const dispatched: string[] = [];
  const events = new ControlEvents(7, SYSTEM_CLOCK, (event) => {
    dispatched.push(event.type);
    dispatch(event);
  });
  return { events, dispatched };
}

describe('the events of a control connection', () => {
  it('are shown before they are dispatched, also those of a dispatch', () => {
    const told: string[] = [];
    const { events } = stream(({ type }) => {
      told.push(`dispatch ${type}`);
      if (type === 'reply') events.sent('PWD');
    });
    events.reply$.subscribe(({ code }) => told.push(`< ${code}`));
    events.command$.subscribe((command) => told.push(`> ${command}`));
    events.reply(reply, false);
    expect(told).toEqual(['< 200', 'dispatch reply', '> PWD', 'dispatch sent']);
  });

  it('are picked by their type', async () => {
    const { events } = stream();
    const [replies, moved] = [observe(events.of('reply')), observe(events.of('moved'))];
    events.reply(reply, true);
    events.moved();
    events.close(cause);
    expect(await replies.settled).toEqual([{ type: 'reply', reply, moreCame: true }]);
    expect(await moved.settled).toEqual([{ type: 'moved' }]);
  });

  it('of a command or of data are not made where nobody observes', () => {
    const { events, dispatched } = stream();
    events.sent('NOOP');
    events.moved();
    events.reply(reply, false);
    expect(dispatched).toEqual(['reply']);
  });

  it('make the state, which is shown before an event is dispatched', async () => {
    const dispatched: string[] = [];
    const { events } = stream(({ type }) => dispatched.push(`${type}: ${events.state.status}`));
    const states = observe(events.state.changes$);
    events.activity('busy');
    events.activity('aborting');
    events.close(cause);
    events.activity('idle');
    expect(dispatched).toEqual(['activity: busy', 'activity: aborting', 'closed: closed', 'activity: closed']);
    const statuses = ['connecting', 'busy', 'aborting'].map((status) => ({ status }));
    expect(await states.settled).toEqual([...statuses, { status: 'closed', cause }]);
  });

  it('end with the close for observers; what is told later still reaches the channel', async () => {
    const { events, dispatched } = stream();
    const closed = observe(events.of('closed'));
    events.close(cause);
    events.tell({ type: 'fallback', what: 'EPSV', to: 'PASV' });
    expect(await closed.settled).toEqual([{ type: 'closed', cause }]);
    expect(dispatched).toEqual(['closed', 'told']);
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
    events.reply(reply, false);
    const at = expect.closeTo(before, -4);
    expect(published.mock.calls).toEqual([
      [{ session: 7, at, command: 'PASS ***' }, 'rxftp:command'],
      [{ session: 7, at, reply }, 'rxftp:reply'],
    ]);
  });
});
