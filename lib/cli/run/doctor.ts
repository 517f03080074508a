/** `rxftp doctor` logs in a few times, and reports its findings in plain words. It changes nothing at the server. */
import { concatMap, Observable } from 'rxjs';
import { examineNetwork, examineSessions } from '../doctor/examine-network.js';
import { examineServer } from '../doctor/examine-server.js';
import { examineResumption, examineTls } from '../doctor/examine-tls.js';
import { Findings } from '../doctor/findings.js';
import { optionsCode } from '../doctor/options-code.js';
import type { Patient } from '../doctor/patient.js';
import type { Context, Login, OptionValue } from '../session/context.js';
import { trimmed } from '../session/target.js';

export function run(context: Context): Observable<unknown> {
  return context.login$(context.args[0] ?? '').pipe(concatMap((login) => examination$(context, login)));
}

/** Unsubscribing closes all that it has opened. */
function examination$(context: Context, { options, path }: Login): Observable<void> {
  return new Observable((subscriber) => {
    const left = new AbortController();
    const findings = new Findings(context.output);
    const patient: Patient = { options, path: trimmed(path), findings, signal: left.signal };
    examine(context, patient).then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    );
    return () => left.abort();
  });
}

/** If the server refuses the login, the command ends with that error. */
async function examine({ options: given, output }: Context, patient: Patient): Promise<void> {
  const { options, findings } = patient;
  const isSecure = options.secure !== undefined && options.secure !== false;
  if (isSecure) await examineTls(patient);
  else
    findings.tell(
      'tls',
      'bad',
      'This URL is without TLS: every machine on the path can read the password and all data.',
    );
  await examineServer(patient);
  await examineNetwork(patient);
  if (isSecure) await examineResumption(patient);
  await examineSessions(patient);
  const files = { ca: textOf(given.ca), cert: textOf(given.cert), key: textOf(given.key) };
  const code = optionsCode(options, findings.advice, files);
  findings.head('Options');
  output.result({ topic: 'options', options: findings.advice, code }, code);
}

function textOf(value: OptionValue): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
