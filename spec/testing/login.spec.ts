import { describe, expect, it } from 'vitest';
import { readCommand } from '../../lib/testing/command-line.js';
import { applyLogin } from '../../lib/testing/login.js';
import { newState } from '../../lib/testing/session-state.js';
import { connected, dialogue, type Line } from './support/raw.js';

describe('the login', () => {
  it.each<[boolean, string, string, boolean, string | undefined]>([
    [false, 'USER me', '230 In.', true, 'me'],
    [false, 'USER me', '331 Password.', false, 'me'],
    [true, 'USER me', '331 Password.', false, 'me'],
    [true, 'USER me', '530 No.', false, undefined],
    [false, 'PASS x', '230 In.', true, 'before'],
    [false, 'PASS x', '202 Not needed.', true, 'before'],
    [true, 'PASS x', '332 Account.', false, 'before'],
    [true, 'PASS x', '530 No.', false, 'before'],
    [false, 'ACCT x', '230 In.', true, 'before'],
    [true, 'ACCT x', '530 No.', true, 'before'],
    [false, 'NOOP', '230 In.', false, 'before'],
    [true, 'PWD', '530 No.', true, 'before'],
  ])('(before: %s) by %s and %s: %s, %s', (before, command, reply, loggedIn, user) => {
    const state = { ...newState(), user: 'before', loggedIn: before };
    applyLogin(state, readCommand(command), reply);
    expect(state).toMatchObject({ loggedIn, user });
  });
});

describe('a handler of the test', () => {
  it.each<[string, Readonly<Record<string, string | readonly string[]>>, readonly Line[]]>([
    ['logs in without a password', { USER: '230 In.' }, [['USER me', '230 ']]],
    [
      'leaves the password to the server',
      { USER: '331 Hello.' },
      [
        ['USER me', '331 '],
        ['PASS good', '230 '],
      ],
    ],
    [
      'takes any password',
      { PASS: ['230-Welcome', '230 In.'] },
      [
        ['USER me', '331 '],
        ['PASS bad', '230-'],
      ],
    ],
    [
      'wants an account',
      { PASS: '332 Account.', ACCT: '230 In.' },
      [
        ['USER me', '331 '],
        ['PASS x', '332 '],
        ['PWD', '530 '],
        ['ACCT y', '230 '],
      ],
    ],
  ])('%s', async (_what, handlers, lines) => {
    await using at = await connected({ user: 'me', password: 'good' });
    for (const [verb, reply] of Object.entries(handlers)) at.server.on(verb, () => reply);
    await at.client.reply();
    const all: Line[] = [...lines, ['PWD', '257 ']];
    expect(await dialogue(at.client, all)).toEqual(all);
  });

  it('logs out', async () => {
    await using at = await connected();
    await at.client.login();
    at.server.on('PASS', () => '530 Not any more.');
    const lines: Line[] = [
      ['PASS x', '530 '],
      ['PWD', '530 '],
    ];
    expect(await dialogue(at.client, lines)).toEqual(lines);
  });
});
