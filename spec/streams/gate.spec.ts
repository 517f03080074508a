import { describe, expect, it, vi } from 'vitest';
import { Gate, Hold } from '../../lib/streams/gate.js';

describe('Gate', () => {
  it('stops the source at the first hold and starts it at the last release', () => {
    const gate = new Gate();
    const valve = { pause: vi.fn(), resume: vi.fn() };
    gate.attach(valve);
    const first = gate.hold();
    const second = gate.hold();
    expect(valve.pause).toHaveBeenCalledTimes(1);
    first();
    first();
    expect(gate.held).toBe(true);
    expect(valve.resume).not.toHaveBeenCalled();
    second();
    expect(gate.held).toBe(false);
    expect(valve.resume).toHaveBeenCalledTimes(1);
  });

  it('knows nothing of a source that is subscribed anew', () => {
    const gate = new Gate();
    Object.assign(gate, {
      expectedBytes: () => 1,
      verifiedBy: 'size',
      hasPassed: true,
      tried: { attempt: 2, resumedFrom: 1 },
    });
    gate.begin();
    expect({ ...gate }).toEqual({ ...new Gate() });
  });

  it('stops a source that comes when it is held, and forgets one that goes', () => {
    const gate = new Gate();
    const release = gate.hold();
    const valve = { pause: vi.fn(), resume: vi.fn() };
    const detach = gate.attach(valve);
    expect(valve.pause).toHaveBeenCalledTimes(1);
    detach();
    release();
    expect(valve.resume).not.toHaveBeenCalled();
  });

  it('keeps the source that has taken the place of one which goes later', () => {
    const gate = new Gate();
    const detach = gate.attach({ pause: vi.fn(), resume: vi.fn() });
    const valve = { pause: vi.fn(), resume: vi.fn() };
    gate.attach(valve);
    detach();
    gate.hold()();
    expect(valve.pause).toHaveBeenCalledTimes(1);
    expect(valve.resume).toHaveBeenCalledTimes(1);
  });
});

describe('Hold', () => {
  it('counts once, and is free before the source runs again, which may take it at once', () => {
    const gate = new Gate();
    const hold = new Hold(gate);
    const resume = vi.fn(() => hold.take());
    const detach = gate.attach({ pause: vi.fn(), resume });
    hold.take();
    hold.take();
    hold.release();
    expect([resume.mock.calls.length, hold.taken, gate.held]).toEqual([1, true, true]);
    detach();
    hold.release();
    hold.release();
    expect([hold.taken, gate.held]).toEqual([false, false]);
  });
});
