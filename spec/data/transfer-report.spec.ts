/** Checks the events of a report, for a transfer whose session the spec plays. */

import { describe, expect, it } from 'vitest';
import type { Mover } from '../../lib/data/transfer.js';
import type { TransferPlan } from '../../lib/data/transfer-plan.js';
import { TransferReport } from '../../lib/data/transfer-report.js';
import { type Cancellation, Canceller } from '../../lib/net/cancellation.js';
import { DeadlinePassed } from '../../lib/net/deadline.js';
import { commandFromLine } from '../../lib/protocol/command.js';
import type { VerifiedBy } from '../../lib/protocol/hash-algorithms.js';
import { observe } from '../support/observe.js';
import { FakeSession } from './support/fake-session.js';

function reportOn(line: string, plan: Partial<TransferPlan> = {}, mover: Partial<Mover> = {}) {
  const session = new FakeSession();
  const events = observe(session.events.events$);
  const report = new TransferReport({
    session: session.real,
    plan: { command: commandFromLine(line), type: undefined, start: 0, ...plan },
    way: { direction: 'download', mover },
  });
  const told = () => {
    events.unsubscribe();
    return events.values;
  };
  return { report, told };
}

const left = (reason?: unknown): Cancellation => {
  const signal = new Canceller();
  signal.abort(reason);
  return signal;
};

describe('a report tells', () => {
  it.each<[string, Partial<TransferPlan>, string]>([
    ['RETR /a b ', {}, '/a b '],
    ['RETR \x1b[1m', {}, '\x1b[1m'],
    ['LIST', {}, ''],
    ['LIST -a ./-x', { path: '-x' }, '-x'],
  ])('of %j the path', (line, plan, path) => {
    expect(reportOn(line, plan).told()).toMatchObject([{ type: 'transfer-started', id: 1, path }]);
  });

  it('the total, also 0, and none where it is not known', () => {
    expect(reportOn('RETR /a', {}, { total: 0 }).told()[0]).toHaveProperty('total', 0);
    expect(reportOn('RETR /a').told()[0]).not.toHaveProperty('total');
  });

  it.each<[string, Cancellation, VerifiedBy | false | undefined, object]>([
    ['complete', new Canceller(), 'size', { verified: true, verifiedBy: 'size' }],
    ['complete', new Canceller(), false, { verified: false }],
    ['complete', left(), 'size', { verified: true, verifiedBy: 'size' }],
    ['failed', new Canceller(), undefined, { verified: false }],
    ['cancelled', left(), undefined, { verified: false }],
    ['cancelled', left(new Error('abor$')), undefined, { verified: false }],
    ['failed', left(new DeadlinePassed(5)), undefined, { verified: false }],
    ['failed', left(new DeadlinePassed(5)), 'size', { verified: false }],
  ])('that it is %s', (end, signal, proof, flags) => {
    const { report, told } = reportOn('RETR /a');
    report.end(
      { bytes: 7, wireBytes: 0, compressed: false },
      signal,
      proof === undefined ? undefined : { verifiedBy: proof === false ? undefined : proof },
    );
    expect(told().at(-1)).toMatchObject({ type: 'transfer-ended', id: 1, bytes: 7, end, ...flags });
    expect(told().at(-1)).not.toHaveProperty('wireBytes');
  });

  it('the bytes on the wire, where they were compressed', () => {
    const { report, told } = reportOn('RETR /a');
    report.end({ bytes: 7, wireBytes: 3, compressed: true }, new Canceller(), {});
    expect(told().at(-1)).toMatchObject({ bytes: 7, wireBytes: 3 });
  });
});
