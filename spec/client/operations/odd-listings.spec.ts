/** `entries$` in random programs on servers that misread paths in many ways: a listing is the right one, or an error. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FtpClient, FtpError } from '../../../lib/index.js';
import { observe } from '../../support/observe.js';
import type { ScriptedServer } from '../../support/scripted-server.js';
import { runs, summarize, timeLimitMs } from '../../support/trust.js';
import { clientOf } from '../support/open.js';
import { oddServer, type Way } from './support/odd-server.js';

const files = {
  '/own': '',
  '/a/b': '',
  '/a/c': '',
  '/a/a/x': '',
  '/empty/': '',
  '/one/one': '',
  '/two words/y': '',
  '/copy/own': '',
  '/copy/a/': '',
};

const WAYS: readonly Way[] = [
  ...(['honest', 'none as empty', 'ignored', 'none ignored', 'own row', 'own row and sum', 'empty'] as const),
  ...(['501 No arguments.', '550 Cannot.', '502 What?', '550 Permission denied.'] as const),
];
const PATHS = [
  '/a',
  '/a/',
  'a',
  '/empty',
  '/one',
  '/two words',
  '/copy',
  '/',
  '.',
  '/own',
  '/none',
  'a/a',
  '/a/a/..',
  undefined,
];

type Step = { readonly go: string } | { readonly list: string | undefined; readonly hidden: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ go: fc.constantFrom('/', '/a', '/copy', '/empty') }) },
  {
    weight: 4,
    arbitrary: fc.record({ list: fc.constantFrom(...PATHS), hidden: fc.constantFrom(false, false, false, true) }),
  },
);

const way = fc.constantFrom(...WAYS);
const server = fc.record({ mlsd: fc.option(way, { nil: undefined }), list: way });

/** The names that the directory has; undefined where it is none. */
function truth(at: ScriptedServer, here: string, path: string | undefined): string[] | undefined {
  const { tree } = at;
  const asked = path?.startsWith('/') === true ? path : `${here}/${path ?? ''}`;
  return tree.isDirectory(asked) ? tree.children(asked).map(([name]) => name) : undefined;
}

async function listed(
  ftp: FtpClient,
  { list, hidden }: Extract<Step, { list: unknown }>,
): Promise<string[] | undefined> {
  try {
    return (await observe(ftp.entries$(list, { hidden })).settled).map(({ name }) => name);
  } catch (error) {
    if (error instanceof FtpError) return undefined;
    throw error;
  }
}

describe('entries$ on odd servers', () => {
  it(
    'never gives another directory',
    async () => {
      let right = 0;
      await fc.assert(
        fc.asyncProperty(server, fc.array(step, { minLength: 1, maxLength: 8 }), async (odd, steps) => {
          await using at = await oddServer(files, odd);
          await using ftp = clientOf(at);
          let here = '/';
          for (const each of steps) {
            if ('go' in each) {
              await observe(ftp.cwd$(each.go)).settled;
              here = each.go;
              continue;
            }
            const found = await listed(ftp, each);
            if (found !== undefined) expect(found.sort()).toEqual(truth(at, here, each.list)?.sort());
            if (found !== undefined) right += 1;
            else if (odd.list === 'honest' && odd.mlsd !== '550 Permission denied.')
              expect(truth(at, here, each.list)).toBeUndefined();
            expect(await observe(ftp.pwd$()).settled).toEqual([here]);
          }
        }),
        { numRuns: runs(40) },
      );
      expect(right).toBeGreaterThan(0);
      summarize(`${right} listings on odd servers, none of another directory`);
    },
    timeLimitMs(30_000),
  );
});
