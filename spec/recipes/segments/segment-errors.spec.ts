/** The errors of transfers of ranges. */
import { expect, it } from 'vitest';
import { FtpReplyError, FtpTransferError } from '../../../lib/errors.js';
import { createReply } from '../../../lib/protocol/reply.js';
import {
  isForOneStream,
  isWrong,
  mayBeOfChange,
  RestIgnored,
  TooManyBytes,
} from '../../../lib/recipes/segments/segment-errors.js';

const refused = (command: string, code: number): FtpReplyError =>
  new FtpReplyError('No.', { command, reply: createReply(code, ['No.']) });
const transfer = (code?: number, changed?: boolean): FtpTransferError =>
  new FtpTransferError('No.', { bytes: 1, changed, ...(code === undefined ? {} : { reply: createReply(code, ['']) }) });

it.each<[string, unknown, { stream: boolean; change: boolean; wrong: boolean }]>([
  ['REST ignored', new RestIgnored(), { stream: true, change: false, wrong: true }],
  ['too many bytes', new TooManyBytes(), { stream: false, change: true, wrong: false }],
  ['REST refused', refused('REST 1', 502), { stream: true, change: true, wrong: true }],
  ['RETR refused for its offset', refused('RETR a', 554), { stream: true, change: true, wrong: true }],
  ['RETR refused', refused('RETR a', 550), { stream: false, change: false, wrong: false }],
  ['too few bytes and 226', transfer(226), { stream: false, change: true, wrong: false }],
  ['too few bytes and 426', transfer(426), { stream: false, change: false, wrong: false }],
  ['a drop', transfer(), { stream: false, change: false, wrong: false }],
  ['a changed file', transfer(226, true), { stream: false, change: false, wrong: true }],
  ['another error', new Error('No.'), { stream: false, change: false, wrong: false }],
])('%s', (_what, error, { stream, change, wrong }) => {
  expect(isForOneStream(error)).toBe(stream);
  expect(mayBeOfChange(error)).toBe(change);
  expect(isWrong(error)).toBe(wrong);
});
