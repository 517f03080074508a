import { expect, it } from 'vitest';
import { newState } from '../../lib/testing/session-state.js';

it('the state of a session begins in the root, in ASCII, without TLS and without a user', () => {
  expect(newState()).toMatchObject({ directory: '/', type: 'A', protection: 'C', loggedIn: false, user: undefined });
  expect(newState()).not.toBe(newState());
});
