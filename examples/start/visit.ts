/** The reading part of the demonstration, on the user's own server: nothing is written there. */
import { lastValueFrom } from 'rxjs';
import { collectBytes, type FileEntry, FtpClient, type FtpOptions } from '../../lib/index.js';
import { type Screen, size } from './screen.js';
import { cancelAndProve, list, logIn, type Stage } from './steps.js';
import { Wire } from './wire.js';

/** The size of the part that is looked at, and of the part that is shown. */
const GLANCE_BYTES = 4096;
const GLANCE_LINES = 5;
const GLANCE_HEX_BYTES = 32;

/** Logs in, lists, reads, cancels and quits; rejects with its error. */
export async function visit(options: FtpOptions, screen: Screen, showWire: boolean): Promise<void> {
  await using ftp = new FtpClient(options);
  const stage = { ftp, screen, wire: new Wire(ftp, screen, showWire) };
  screen.say(`Visiting ${options.host} as ${options.user ?? 'anonymous'}. Nothing will be written there.`);
  screen.say('Lines with > are commands as they go out, lines with < are replies as they come in.');
  await logIn(stage);
  const files = (await list(stage)).filter(isReadable);
  const [largest] = files.toSorted((a, b) => b.size - a.size);
  const [smallest] = files.toSorted((a, b) => a.size - b.size);
  if (largest === undefined || smallest === undefined) {
    screen.line('There is no file here to read: give a directory with one.');
  } else {
    await glance(stage, smallest);
    await cancelAndProve(stage, largest.name, largest.size);
  }
  screen.heading('Quit');
  await stage.wire.during(() => lastValueFrom(ftp.close$()));
}

type SizedEntry = FileEntry & { readonly size: number };

function isReadable(entry: FileEntry): entry is SizedEntry {
  return entry.kind === 'file' && entry.size !== undefined && entry.size > 0;
}

/** The first lines of a text, or the first bytes of anything else. */
async function glance({ ftp, screen }: Stage, { name, size: total }: SizedEntry): Promise<void> {
  screen.heading(`Read the beginning of ${name} (${size(total)})`);
  const range = total > GLANCE_BYTES ? { end: GLANCE_BYTES } : {};
  const bytes = Buffer.from(await lastValueFrom(ftp.retr$(name, range).pipe(collectBytes())));
  if (bytes.includes(0)) screen.line(bytes.subarray(0, GLANCE_HEX_BYTES).toString('hex'));
  else for (const line of bytes.toString('utf8').trimEnd().split(/\r?\n/, GLANCE_LINES)) screen.line(line);
}
