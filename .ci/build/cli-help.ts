/** Makes docs/cli.md: an introduction, and the help of each subcommand as the command prints it. */
import type { Command } from 'commander';
import { makeProgram } from '../../lib/cli/program.js';

const INTRODUCTION = `# The command \`rxftp\`

<!-- Made by \`npm run cli-docs\` from the help of the command. Do not edit it here. -->

\`\`\`sh
npm ci && npm pack && npm install -g ./rxftp-0.1.0.tgz     # in a clone: the package is not on npm yet
rxftp demo          # a server for the first steps: it prints what to try
\`\`\`

**URLs.** \`ftp://\` is clear text, \`ftpes://\` explicit TLS on the usual port, \`ftps://\` implicit TLS on port 990. A path is relative to the
directory of the login; \`ftp://host//etc\` begins at the root. Percent-encode characters such as \`#\`, \`?\`, \`%\` and blanks in a URL.

**Passwords** come from the first of these places that has one: the URL, \`--user name:password\`, \`RXFTP_PASSWORD\`, \`~/.netrc\`, a prompt.
\`NETRC\` names another file than \`~/.netrc\`. The command uses \`RXFTP_PASSWORD\` only if you name a user, and never for \`anonymous\`. The list
of processes shows a password in the URL or in \`--user\` until the command has started. The history of the shell keeps it too. The other
three places are in neither. No output has the password, \`--verbose\` and errors included.

**Trust.** Under TLS the command verifies the certificate and the name of the server. \`--ca\` adds your own authority. \`--pin\` accepts one
certificate alone, whose fingerprint \`rxftp doctor\` shows. \`--insecure\` verifies nothing and says so.

**Output.** Results go to stdout, all other text to stderr. \`--json\` prints one JSON value a line, and an error as one JSON line on stderr:
\`{"error":{"name","code","message","status"}}\`. Only terminals get colours and the progress bar; \`NO_COLOR\` removes
the colours. \`cat\`, \`head\` and \`tail\` write the bytes of files, also with \`--json\`.

**Ctrl-C** aborts the transfer on the server, waits until the server is in step, and leaves no partial file. \`get\` and \`put\` give a
file its name only when it is whole. The exit status is 130. A second Ctrl-C does not wait. A closed stdout (\`rxftp cat URL | head\`) ends
the command with 0, and aborts the transfer too.

**Proxies.** The command reads \`ALL_PROXY\` and \`NO_PROXY\`, as [proxy.md](proxy.md) says.

During a transfer, a terminal shows:

![In a terminal: the name of the file, a bar, the percentage, the bytes of the whole size, the rate, the time left](images/progress.svg)

\`mirror\` and \`publish\` show such a bar for each running transfer, and \`mirror\` shows one for all of them.

The command overwrites an existing file. For \`get\` and \`put\`, \`--exists\` chooses another way.

`;

const WIDTH = 100;

export function cliDocs(): string {
  const program = makeProgram('VERSION', () => {});
  const commands = program.commands.map(
    (command) => `## rxftp ${command.name()}\n\n${block(withoutShared(helpOf(command)))}`,
  );
  return `${INTRODUCTION}## rxftp\n\n${block(helpOf(program))}\n${commands.join('\n')}`;
}

function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
    getOutHelpWidth: () => WIDTH,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return help.trim();
}

/** The options of all subcommands are in the help of the program. */
function withoutShared(help: string): string {
  return help.replace(/\n\nGlobal Options:\n(?: .*\n)*/, '\n');
}

function block(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\`\n`;
}
