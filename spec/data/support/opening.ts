/** A data connection that is opened over a session, which answers as the spec says; nothing is really connected. */
import { PassThrough } from 'node:stream';
import type { FinalReply } from '../../../lib/control/request.js';
import { DataConnection } from '../../../lib/data/data-connection.js';
import type { DataEvent } from '../../../lib/data/machine/script.js';
import { openData } from '../../../lib/data/open-data.js';
import { Canceller } from '../../../lib/net/cancellation.js';
import type { ConnectorEndpoint } from '../../../lib/net/connector.js';
import { command } from '../../../lib/protocol/command.js';
import { createReply } from '../../../lib/protocol/reply.js';
import { FakeSession } from './fake-session.js';

export const HOST = '192.0.2.1';
const RETR = command('RETR', '/a');

export function final(code: number, text: string, outcome: FinalReply['outcome'] = 'completion'): FinalReply {
  return { reply: createReply(code, [text]), outcome };
}

export const refused: FinalReply = final(500, 'No.', 'refusal');
/** The port 4000. */
export const byEpsv: FinalReply = final(229, 'Here (|||4000|).');
/** The port 5000, of another host. */
export const byPasv: FinalReply = final(227, 'Here (10,0,0,5,19,136).');
/** The events when the port of `byPasv` is asked for and connected to. */
export const OVER_PASV: readonly string[] = ['PASV', `${HOST}:5000`, 'connected'];

export class Opening {
  readonly session = new FakeSession();
  readonly signal = new Canceller();
  /** The answers, by verb; an error is thrown. */
  readonly answers: Record<string, FinalReply | Error> = { EPSV: byEpsv, PASV: byPasv };
  /** Called with where to connect; what it throws is the failure. */
  onConnect: (endpoint: ConnectorEndpoint) => void = () => {};
  /** Called when the data connection is there. */
  onConnected: () => void = () => {};
  data = this.#newData();

  constructor() {
    const { session, told } = this;
    session.answer = async (line) => {
      if (told.length > 20) throw new Error('It is asked for ever.');
      const answer = this.answers[line.split(' ')[0] ?? ''];
      if (answer === undefined) throw new Error(`${line}?`);
      if (answer instanceof Error) throw answer;
      return answer;
    };
    const connector = async (endpoint: ConnectorEndpoint) => {
      told.push(`${endpoint.host}:${endpoint.port}`);
      this.onConnect(endpoint);
      return new PassThrough();
    };
    this.set({ host: HOST, connector });
  }

  get told(): string[] {
    return this.session.told;
  }

  set(settings: FakeSession['settings']): void {
    this.session.settings = { ...this.session.settings, ...settings };
  }

  /** Nothing can be reached at these ports. */
  closePorts(...ports: readonly number[]): void {
    this.onConnect = ({ port }) => {
      if (ports.includes(port)) throw new Error('refused');
    };
  }

  open(): Promise<void> {
    return openData(this.session.real, this.data, this.signal, RETR);
  }

  /** The same session, for another transfer. */
  openNext(): Promise<void> {
    this.data.close();
    this.data = this.#newData();
    return this.open();
  }

  #newData(): DataConnection {
    const tell = ({ type }: DataEvent): void => {
      this.told.push(type);
      if (type === 'connected') this.onConnected();
    };
    return new DataConnection(undefined, tell, undefined, () => performance.now());
  }
}
