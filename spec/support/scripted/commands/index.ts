/** The small correct server: one table of answers, and the rule that most of them need a login. */
import { accessCommands } from './access.js';
import { connectionCommands } from './connections.js';
import { directoryCommands } from './directories.js';
import { featureCommands } from './features.js';
import { fileCommands } from './files.js';
import type { DefaultHandler, HandlerTable } from './handler.js';
import { listingCommands } from './listings.js';
import { parameterCommands } from './parameters.js';
import { securityCommands } from './security.js';
import { transferCommands } from './transfers.js';

const beforeLogin: HandlerTable = { ...accessCommands, ...securityCommands, ...featureCommands, ...parameterCommands };
const afterLogin: HandlerTable = {
  ...directoryCommands,
  ...fileCommands,
  ...connectionCommands,
  ...transferCommands,
  ...listingCommands,
};

const unknown: DefaultHandler = (session) => session.reply('500 Unknown command.');

/** The server's answer to a verb when the spec has no script for it. */
export function defaultHandler(verb: string): DefaultHandler {
  const handler = beforeLogin[verb];
  if (handler !== undefined) return handler;
  return (session, argument, server) => {
    if (!session.state.loggedIn && server.options.login !== false)
      return session.reply('530 Log in with USER and PASS.');
    return (afterLogin[verb] ?? unknown)(session, argument, server);
  };
}
