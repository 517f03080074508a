/** Examines data connections, by each way to open one, and counts the sessions that the server allows. */
import { firstValueFrom, ReplaySubject } from 'rxjs';
import { connect$, type FtpOptions } from '../../index.js';
import { parsePasv } from '../../protocol/index.js';
import { messageOf } from './examine-server.js';
import { sessionOptions } from './examine-tls.js';
import { attempt, listed, type Patient, probeOptions, withClient } from './patient.js';

type Mode = 'epsv' | 'pasv' | 'active';

const WAYS: Readonly<Record<Mode, string>> = {
  epsv: 'Passive by EPSV: the client opens data connections to the port that the server names.',
  pasv: 'Passive by PASV: the same, with an address in the reply.',
  active: 'Active: the server opens data connections to the client.',
};

const MOST_SESSIONS = 4;

export async function examineNetwork(patient: Patient): Promise<void> {
  const { findings, options } = patient;
  findings.head('Network');
  const works: Partial<Record<Mode, boolean>> = {};
  for (const mode of ['epsv', 'pasv', 'active'] as const) works[mode] = await examineMode(patient, mode);
  if (options.mode !== undefined) return;
  if (works.epsv === false && works.pasv === true) findings.advise('mode', 'pasv');
  if (works.epsv === false && works.pasv === false && works.active === true) findings.advise('mode', 'active');
}

async function examineMode(patient: Patient, mode: Mode): Promise<boolean> {
  const { findings, path, options } = patient;
  const result = await attempt(
    patient,
    withClient(patient, { mode }, (ftp) => {
      ftp.reply$.subscribe(({ code, text }) => {
        if (code === 227) tellAddress(patient, text);
      });
      return listed(ftp, path);
    }),
  );
  const works = !('error' in result);
  // Only that which the client would use is bad news.
  const matters = mode === (options.mode ?? 'epsv');
  if (works) findings.tell(mode, 'good', WAYS[mode]);
  else findings.tell(mode, matters ? 'bad' : 'note', `${WAYS[mode]} It does not work: ${messageOf(result.error)}`);
  return works;
}

/** A server behind NAT may name the address that it has inside. */
function tellAddress({ findings, options }: Patient, text: string): void {
  const { host } = parsePasv(text);
  const isName = /[a-z]/i.test(options.host) || options.host.includes(':');
  if (isName) {
    findings.tell(
      'pasv-address',
      'note',
      `PASV names the address ${host}. The client uses that of its control connection.`,
      { host },
    );
  } else if (host !== options.host) {
    const why =
      'It is behind NAT, or has several addresses. The client ignores that, and connects to the server itself.';
    findings.tell('pasv-address', 'note', `PASV names the address ${host}, which is not ${options.host}. ${why}`, {
      host,
    });
  }
}

/** Opens one session after the other, and closes them all. */
export async function examineSessions(patient: Patient): Promise<void> {
  const { findings } = patient;
  const options: FtpOptions = sessionOptions(probeOptions(patient));
  const open: { unsubscribe(): void }[] = [];
  try {
    for (;;) {
      const ready = new ReplaySubject<unknown>(1);
      const session = connect$(options).subscribe(ready);
      const result = await attempt(patient, firstValueFrom(ready));
      if ('error' in result) {
        findings.tell(
          'sessions',
          'note',
          `The server lets in ${open.length} sessions at a time: ${messageOf(result.error)}`,
          {
            sessions: open.length,
          },
        );
        break;
      }
      open.push(session);
      if (open.length === MOST_SESSIONS) {
        findings.tell('sessions', 'good', `At least ${MOST_SESSIONS} sessions may be open at a time.`, {
          sessions: MOST_SESSIONS,
        });
        break;
      }
    }
  } finally {
    for (const session of open) session.unsubscribe();
  }
  if (open.length > 1) findings.advise('maxSessions', open.length);
}
