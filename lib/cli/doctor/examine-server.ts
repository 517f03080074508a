/** Examines the login, the listing, and the server's list of features. */
import { lastValueFrom } from 'rxjs';
import type { Features, FileEntry, FtpClient, FtpEvent } from '../../index.js';
import { attempt, listed, type Patient, withClient } from './patient.js';

/** The use of a feature. */
const USES: readonly (readonly [feature: string, can: string, cannot: string])[] = [
  [
    'MLST',
    'Listings are exact: MLSD tells sizes, and times to the second.',
    'Listings come from LIST, which is written for people.',
  ],
  [
    'SIZE',
    'Downloads are checked against the size of the file.',
    'No SIZE: a download is checked only by the reply that opens it.',
  ],
  [
    'REST',
    'Transfers can go on in the middle of a file.',
    'No REST in FEAT: a broken transfer may have to begin anew.',
  ],
  ['MFMT', 'The time of a file can be set.', 'No MFMT in FEAT: other commands are tried to set times.'],
  ['UTF8', 'Names are UTF-8.', 'UTF8 is not in FEAT: names may be in another encoding.'],
];

const CHECKSUMS = ['HASH', 'XSHA512', 'XSHA256', 'XSHA1', 'XMD5', 'XCRC', 'MD5'];

/** Errors with the failure of the login. */
export async function examineServer(patient: Patient): Promise<void> {
  const { findings, path } = patient;
  findings.head('Server');
  await withClient(patient, {}, async (ftp) => {
    const events: FtpEvent[] = [];
    ftp.events$.subscribe((event) => events.push(event));
    await tellGreeting(patient, ftp);
    await tellFeatures(patient, ftp);
    const result = await attempt(patient, listed(ftp, path));
    if ('error' in result) findings.tell('listing', 'bad', messageOf(result.error));
    else tellListing(patient, result.value);
    for (const event of events) tellEvent(patient, event);
  });
}

async function tellGreeting({ findings }: Patient, ftp: FtpClient): Promise<void> {
  const greetings: string[] = [];
  const seen = ftp.reply$.subscribe(({ code, text }) => {
    if (code === 220) greetings.push(text);
  });
  await lastValueFrom(ftp.noop$());
  seen.unsubscribe();
  const roundTripMs = Math.round(Math.min(await timeOf(ftp), await timeOf(ftp), await timeOf(ftp)));
  const [greeting = ''] = greetings;
  findings.tell('login', 'good', `The login works. The server greets with: ${greeting.replaceAll('\n', ' / ')}`);
  findings.tell('round-trip', 'note', `A command and its reply take ${roundTripMs} ms.`, { roundTripMs });
}

/** The first one or two may wait for a second reply: see the README about unknown servers. */
async function timeOf(ftp: FtpClient): Promise<number> {
  const from = performance.now();
  await lastValueFrom(ftp.noop$());
  return performance.now() - from;
}

async function tellFeatures(patient: Patient, ftp: FtpClient): Promise<void> {
  const { findings } = patient;
  const asked = await attempt(patient, lastValueFrom(ftp.feat$()));
  if ('error' in asked) {
    findings.tell('features', 'note', 'The server does not tell its features: FEAT is refused.');
    return;
  }
  const features: Features = asked.value;
  for (const [name, can, cannot] of USES) {
    const has = features.has(name);
    findings.tell(`feature-${name.toLowerCase()}`, has ? 'good' : 'note', has ? can : cannot, { has });
  }
  const checksums = CHECKSUMS.filter((name) => features.has(name));
  const text =
    checksums.length === 0
      ? 'The server computes no checksums.'
      : `Checksums can be asked for by ${checksums.join(', ')}.`;
  findings.tell('checksums', checksums.length === 0 ? 'note' : 'good', text, { checksums });
}

function tellListing({ findings, path }: Patient, entries: readonly FileEntry[]): void {
  const [first] = entries;
  const where = path === '' ? 'The directory of the login' : path;
  findings.tell('listing', 'good', `${where} was listed: ${entries.length} entries.`, { entries: entries.length });
  if (first === undefined) return;
  findings.tell('dialect', 'note', `The rows are of the dialect ${first.dialect}.`, { dialect: first.dialect });
  if (entries.some(({ modified, zoneKnown }) => modified !== undefined && !zoneKnown)) {
    findings.tell(
      'time-zone',
      'note',
      "The times are the server's own, of an unknown zone: timeZone: 'auto' measures it.",
    );
    findings.advise('timeZone', 'auto');
  }
  if (entries.some(({ name }) => /[\uDC80-\uDCFF]/.test(name))) {
    findings.tell(
      'encoding',
      'bad',
      "There are names that are not UTF-8: give the option encoding, such as 'windows-1252'.",
    );
    findings.advise('encoding', 'windows-1252');
  }
}

function tellEvent({ findings }: Patient, event: FtpEvent): void {
  if (event.type === 'fallback') {
    findings.tell('fallback', 'note', `The server does not take ${event.what}: the client uses ${event.to}.`, {
      what: event.what,
      to: event.to,
    });
  }
  if (event.type === 'unparsed') {
    const text = `${event.count} rows of the listing were not understood, such as: ${event.rows[0] ?? ''}`;
    findings.tell('unparsed', 'bad', text, { count: event.count });
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
