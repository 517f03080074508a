/** `demo` is a server of its own. */
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { installedOnce } from './support/command.js';

const installed = installedOnce();

describe('demo', () => {
  it('serves until Ctrl-C', async () => {
    const { child, outcome } = installed().start(['demo']);
    const [url] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
    expect((await installed().run(['cat', `${url.trim()}readme.txt`])).stdout).toMatch(/^Welcome\./);
    child.kill('SIGINT');
    expect(await outcome).toMatchObject({ status: 130, stderr: expect.stringContaining('Ctrl-C ends it.') });
  });
});
