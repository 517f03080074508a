import { describe, expect, it } from 'vitest';
import { FtpConnectionError } from '../../lib/errors.js';
import { closedEarly, connectionError, ProxyFault } from '../../lib/proxy/proxy-fault.js';
import { overhear, secret } from '../support/canary.js';
import { endpoint, proxyAt } from './support/parts.js';

describe('a fault of a proxy', () => {
  it.each([true, false])('is the error of the connection, transient or not: %s', (transient) => {
    const password = secret('hunter22');
    const fault = new ProxyFault('it sleeps', { transient, advice: 'Wake it.', code: 'ECONNREFUSED', status: 502 });
    const error = connectionError(
      fault,
      { ...endpoint, channel: 'data' },
      proxyAt('[::1]:1', { user: 'me', password }),
    );
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(error).toMatchObject({
      channel: 'data',
      phase: 'connect',
      outcome: 'none',
      transient,
      cause: { code: 'ECONNREFUSED', status: 502 },
      message:
        'The data connection to ftp.example.invalid:2121 through the proxy [::1]:1 could not be opened: it sleeps. Wake it.',
    });
    overhear('the error', error);
  });

  it('that has hung up may be gone the next time', () => {
    expect(closedEarly()).toMatchObject({ transient: true, ofAddress: false, code: undefined });
  });
});
