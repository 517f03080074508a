/**
 * Two clients behind one neutral interface, so that the same faults can be tried on both: this library, which has to hold,
 * and basic-ftp, which shows that the faults are real.
 */
import { Readable, Writable } from 'node:stream';
import { Client } from 'basic-ftp';
import { lastValueFrom, toArray } from 'rxjs';
import { collectBytes, FtpClient } from '../../../lib/index.js';
import { download$ } from '../../../lib/recipes/index.js';
import type { ScriptedServer } from '../../support/scripted-server.js';

export interface ClientUnderTest {
  download(path: string): Promise<Buffer>;
  /** Downloads what is missing of `local`, which gets it appended. */
  resume(path: string, local: Buffer): Promise<Buffer>;
  downloadToFile(path: string, file: string): Promise<void>;
  /** Uploads, and is told when the server has not got it all. */
  upload(path: string, bytes: Buffer): Promise<void>;
  names(path?: string): Promise<string[]>;
  pwd(): Promise<string>;
  cwd(path: string): Promise<void>;
  size(path: string): Promise<number>;
  close(): Promise<void>;
}

/** Connects and logs in; the client gives up what takes longer than `timeoutMs`. */
export type Open = (server: ScriptedServer, timeoutMs: number) => Promise<ClientUnderTest>;

export const openRxftp: Open = async (server, timeoutMs) => {
  const ftp = new FtpClient({
    host: server.host,
    port: server.port,
    replyTimeoutMs: timeoutMs,
    stallTimeoutMs: timeoutMs,
    abortTimeoutMs: timeoutMs,
  });
  const verify = 'size';
  const close = (): Promise<void> => ftp[Symbol.asyncDispose]();
  const bytesOf = (path: string, start: number): Promise<Uint8Array> =>
    lastValueFrom(ftp.retr$(path, { start, verify }).pipe(collectBytes()));
  try {
    await lastValueFrom(ftp.noop$());
  } catch (error) {
    await close();
    throw error;
  }
  return {
    download: async (path) => Buffer.from(await bytesOf(path, 0)),
    resume: async (path, local) => Buffer.concat([local, await bytesOf(path, local.length)]),
    downloadToFile: async (path, file) => void (await lastValueFrom(download$(ftp, path, file, { verify }))),
    upload: async (path, bytes) => void (await lastValueFrom(ftp.stor$(path, bytes, { verify }))),
    names: async (path) => (await lastValueFrom(ftp.entries$(path).pipe(toArray()))).map(({ name }) => name),
    pwd: () => lastValueFrom(ftp.pwd$()),
    cwd: async (path) => void (await lastValueFrom(ftp.cwd$(path))),
    size: (path) => lastValueFrom(ftp.size$(path)),
    close,
  };
};

export const openBasicFtp: Open = async (server, timeoutMs) => {
  const ftp = new Client(timeoutMs);
  try {
    await ftp.access({ host: server.host, port: server.port });
  } catch (error) {
    ftp.close();
    throw error;
  }
  const collect = async (path: string, local: Buffer): Promise<Buffer> => {
    const chunks = [local];
    const write = (chunk: Buffer, _encoding: string, done: () => void): void => {
      chunks.push(chunk);
      done();
    };
    await ftp.downloadTo(new Writable({ write }), path, local.length);
    return Buffer.concat(chunks);
  };
  return {
    download: (path) => collect(path, Buffer.alloc(0)),
    resume: collect,
    downloadToFile: async (path, file) => void (await ftp.downloadTo(file, path)),
    upload: async (path, bytes) => void (await ftp.uploadFrom(Readable.from([bytes]), path)),
    names: async (path) => (await ftp.list(path)).map(({ name }) => name),
    pwd: () => ftp.pwd(),
    cwd: async (path) => void (await ftp.cd(path)),
    size: (path) => ftp.size(path),
    close: async () => ftp.close(),
  };
};
