import { BehaviorSubject, NEVER, startWith } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { withPauseAndSignal } from '../../../lib/client/operations/steering.js';
import { Gate } from '../../../lib/streams/gate.js';

/** A transfer that is held by `pause$`, with a chunk waiting for the end of that. */
function held(pause$ = NEVER.pipe(startWith(true)), signal?: AbortSignal) {
  const log: unknown[] = [];
  const gate = new Gate();
  const sink = {
    buffer: () => new Uint8Array(1),
    write: (chunk: Uint8Array) => void log.push(chunk.length),
    complete: () => void log.push('complete'),
    error: (error: unknown) => void log.push(error),
  };
  const cancel = withPauseAndSignal({ pause$, ...(signal && { signal }) }, sink, gate, (into) => {
    let over = false;
    gate.attach({ pause: () => log.push('held'), resume: () => over || into.write(new Uint8Array(5)) });
    return () => {
      over = true;
      log.push('cancelled');
    };
  });
  return { log, gate, cancel };
}

describe('a transfer that is held', () => {
  it('hands nothing on when it is cancelled, and lets go of its gate', () => {
    const { log, gate, cancel } = held();
    cancel();
    expect(log).toEqual(['held', 'cancelled']);
    expect(gate.held).toBe(false);
  });

  it('hands nothing on before the reason of its signal', () => {
    const controller = new AbortController();
    const { log, gate } = held(undefined, controller.signal);
    controller.abort('enough');
    expect(log).toEqual(['held', 'cancelled', 'enough']);
    expect(gate.held).toBe(false);
  });

  it('hands nothing on before the error of its pause$', () => {
    const pause$ = new BehaviorSubject(true);
    const { log } = held(pause$);
    pause$.error('broken');
    expect(log).toEqual(['held', 'cancelled', 'broken']);
  });
});
