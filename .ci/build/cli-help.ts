/** docs/cli.md: the help of each subcommand, as the command prints it, behind an introduction. */
import type { Command } from 'commander';
import { makeProgram } from '../../lib/cli/program.js';

const INTRODUCTION = `# The command \`rxftp\`

<!-- Made by \`npm run cli-docs\` from the help of the command. Do not edit it here. -->

\`\`\`sh
npm ci && npm pack && npm install -g ./rxftp-0.1.0.tgz     # in a clone: the package is not on npm yet
rxftp demo          # a server for the first steps: it prints what to try
\`\`\`

**URLs.** \`ftp://\` is clear text, \`ftpes://\` explicit TLS on the usual port, \`ftps://\` implicit TLS on port 990. A path is relative to the
directory of the login; \`ftp://host//etc\` begins at the root. Characters such as \`#\`, \`?\`, \`%\` and blanks are percent-encoded in a URL.

**Passwords** come from the first of these places that has one: the URL, \`--user name:password\`, the variable \`RXFTP_PASSWORD\`, \`~/.netrc\`,
a prompt on the terminal. \`NETRC\` names another file than \`~/.netrc\`. The variable is used for a user who was named, and never for \`anonymous\`. A
password in the URL or in \`--user\` is in the list of processes until the command has started. It is in the history of the
shell too. The other three are in neither. No password is in any output, \`--verbose\` and errors included.

**Trust.** Under TLS the certificate and the name of the server are verified. \`--ca\` gives an authority of your own, \`--pin\` accepts one
certificate alone (\`rxftp doctor\` shows its fingerprint), \`--insecure\` verifies nothing and says so.

**Output.** Results are on stdout, all else on stderr. \`--json\` prints one JSON value a line, and an error as one JSON line on stderr:
\`{"error":{"name","code","message","status"}}\`. Colours and the bar of progress are for terminals only; \`NO_COLOR\` takes the colours away.

**Ctrl-C** aborts the transfer on the server, waits until the server is in step, and leaves nothing half-written. \`get\` and \`put\` give a
file its name only when it is whole. The exit status is 130. A second Ctrl-C does not wait. A closed stdout (\`rxftp cat URL | head\`) ends
the command with 0, and aborts the transfer too.

**Proxies.** \`ALL_PROXY\` and \`NO_PROXY\` are read, as [proxy.md](proxy.md) says.

While a file is transferred, a terminal shows:

![In a terminal: the name of the file, a bar, the percentage, the bytes of the whole size, the rate, the time left](images/progress.svg)

\`mirror\` and \`publish\` have such a bar for each file that is under way, and \`mirror\` one for all of them.

A file that is there already is overwritten. For \`get\` and \`put\`, \`--exists\` chooses another way.

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
