/** Reads what comes through the HTTP proxy of the first argument, in a process that knows the authorities of its environment. */
import { asConnection } from '../../../lib/net/connection.js';
import { httpConnect } from '../../../lib/proxy/index.js';

const to = { host: 'ftp.example.invalid', port: 21, channel: 'control', family: 0 } as const;
const { stream } = asConnection(await httpConnect(process.argv[2] ?? '')(to, new AbortController().signal));
stream.pipe(process.stdout);
