/** basic-ftp's client for a task. */
import { Client } from 'basic-ftp';
import { readAuthority, type Task } from '../task.js';

export async function connectedClient({ host, port, user, password, ca }: Task): Promise<Client> {
  const client = new Client();
  const secure = ca === undefined ? {} : { secure: true, secureOptions: { ca: readAuthority(ca), host } };
  await client.access({ host, port, user, password, ...secure });
  return client;
}
