import { describe, expect, it, vi } from 'vitest';
import { TaskGroup } from '../../lib/control/task-group.js';

describe('the tasks of one operation', () => {
  it('tell their end once, to all that wait for it', () => {
    const group = new TaskGroup();
    const waiting = [vi.fn(), vi.fn()];
    for (const callback of waiting) group.whenEnded(callback);
    expect(group.ended).toBe(false);
    for (const callback of waiting) expect(callback).not.toHaveBeenCalled();
    group.end();
    group.end();
    expect(group.ended).toBe(true);
    for (const callback of waiting) expect(callback).toHaveBeenCalledOnce();
  });

  it('tell it at once where they have ended', () => {
    const group = new TaskGroup();
    group.end();
    const late = vi.fn();
    group.whenEnded(late);
    expect(late).toHaveBeenCalledOnce();
  });
});
