/** Logins. The code that opens the session plays them; `pwd$` waits for them. */
import { type Operation, reading } from '../operation.js';

export const logins: readonly Operation[] = [
  reading('login', 'login', (ftp) => ftp.pwd$()),
  {
    ...reading('login', 'login with all its steps', (ftp) => ftp.pwd$()),
    options: { virtualHost: '127.0.0.1', clientName: 'me', language: 'en', loginCommands: ['SITE IDLE 9'] },
    features: ['CLNT', 'LANG en'],
  },
];
