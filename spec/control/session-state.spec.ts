import { describe, expect, it } from 'vitest';
import { SessionState } from '../../lib/control/session-state.js';
import { observe } from '../support/observe.js';
import { closing as cause } from './support/wire.js';

const to = (status: 'idle' | 'busy') => ({ type: 'activity', status }) as const;
const closed = { type: 'closed', cause } as const;

describe('a session shows', () => {
  it('its present state to whoever comes, then every change, whoever looked on before', async () => {
    const state = new SessionState();
    const first = observe(state.changes$);
    state.next(to('idle'));
    const second = observe(state.changes$);
    state.next(to('busy'));
    state.next(to('busy'));
    state.next(closed);
    const end = [{ status: 'busy' }, { status: 'closed', cause }];
    expect(await first.settled).toEqual([{ status: 'connecting' }, { status: 'idle' }, ...end]);
    expect(await second.settled).toEqual([{ status: 'idle' }, ...end]);
  });

  it('what changed while nobody looked on', () => {
    const state = new SessionState();
    state.next(to('idle'));
    state.next(to('busy'));
    expect(state.status).toBe('busy');
    const seen: string[] = [];
    state.changes$.subscribe(({ status }) => seen.push(status)).unsubscribe();
    state.next(to('idle'));
    expect(seen).toEqual(['busy']);
  });

  it('nothing after it is closed', async () => {
    const state = new SessionState();
    state.next(closed);
    state.next(to('idle'));
    state.next(closed);
    expect(state.status).toBe('closed');
    expect(await observe(state.changes$).settled).toEqual([]);
  });

  it('changes that a subscriber makes when it is told of the present state', async () => {
    const state = new SessionState();
    const seen: string[] = [];
    state.changes$.subscribe(({ status }) => {
      seen.push(status);
      if (status === 'connecting') state.next(to('idle'));
    });
    expect(seen).toEqual(['connecting', 'idle']);
  });
});
