/**
 * Answers HASH, and RANG for a part of a file (draft-bryan-ftpext-hash, draft-bryan-ftp-range). A range includes its first and its last
 * byte; `RANG 1 0` resets it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { nodeCrypto } from '../../net/builtins.js';
import { type HandlerTable, noSuch, pathOf } from './handler.js';

/** The name of each algorithm in HASH, to its name in node:crypto. */
export const ALGORITHMS: Readonly<Record<string, string>> = {
  'SHA-256': 'sha256',
  'SHA-512': 'sha512',
  'SHA-1': 'sha1',
  MD5: 'md5',
};

/** The name as HASH spells it; undefined for an unknown one. */
export function algorithmOf(name: string): string | undefined {
  return Object.keys(ALGORITHMS).find((each) => each === name.toUpperCase());
}

export const hashCommands: HandlerTable = {
  RANG(session, argument) {
    const [, first = '', last = ''] = /^(\d{1,15}) (\d{1,15})$/.exec(argument) ?? [];
    if (first === '') return session.reply('501 RANG takes the first and the last byte.');
    const range = [Number(first), Number(last)] as const;
    const isReset = range[0] === 1 && range[1] === 0;
    if (range[0] > range[1] && !isReset) return session.reply('501 The range ends before it begins.');
    session.state.range = isReset ? undefined : range;
    return session.reply(isReset ? '350 No range.' : `350 The range is ${first} to ${last}.`);
  },
  async HASH(session, argument, { files }) {
    const path = pathOf(session, argument);
    const file = files.get(path);
    const { range = [0, Math.max(0, (file?.size ?? 0) - 1)], hash } = session.state;
    if (files.kind(path) === 'directory') return session.reply(`553 ${argument}: Is a directory.`);
    if (file === undefined) return noSuch(session, argument);
    const [first, last] = range;
    if (first > 0 && first >= file.size) return session.reply('501 The range begins behind the end of the file.');
    const end = Math.min(last + 1, file.size);
    const value = await digest(file.slices(first, end), ALGORITHMS[hash] ?? hash, session.gone);
    if (value === undefined) return;
    return session.reply(`213 ${hash} ${first}-${Math.max(first, end - 1)} ${value} ${argument}`);
  },
};

/** A large file is hashed over several turns: other sessions go on meanwhile. Undefined if the session ends before. */
async function digest(slices: Iterable<Uint8Array>, algorithm: string, gone: AbortSignal): Promise<string | undefined> {
  const hash = nodeCrypto().createHash(algorithm);
  for (const slice of slices) {
    hash.update(slice);
    await nextTurn();
    if (gone.aborted) return undefined;
  }
  return hash.digest('hex');
}
