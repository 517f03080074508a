/**
 * The command `rxftp` reads the arguments, and loads the modules of the chosen subcommand.
 *
 * Help, completion and wrong usage load neither rxjs nor the client: a shell waits for them at each key.
 */
import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { ALL_COMMANDS } from './commands/all-commands.js';
import { type Choice, makeProgram } from './program.js';
import { withoutLogins } from './session/without-logins.js';

export async function main(argv: readonly string[]): Promise<number> {
  process.stdout.on('error', onUnwritten);
  // The reader of the notes may have enough, as in `2>&1 | head`. The work goes on: its end cleans up.
  process.stderr.on('error', () => {});
  // The scripts of `rxftp completion` ask so.
  if (argv[0] === 'complete' && argv[1] === '--') {
    const { complete } = await import('./completion.js');
    complete(argv.slice(2));
    return 0;
  }
  const choices: Choice[] = [];
  const program = makeProgram(versionOfPackage(), (choice) => choices.push(choice));
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return tellUsage(error, argv);
    throw error;
  }
  const [choice] = choices;
  if (choice === undefined) return 0;
  hideArguments(argv);
  process.stdout.off('error', onUnwritten);
  const [{ run }, { runCommand }] = await Promise.all([choice.command.load(), import('./session/run-command.js')]);
  return runCommand({ run, args: choice.args, options: choice.options });
}

/** For help and completion, a reader that has enough, such as `head`, is no error. A full disk gives one line, and status 1. */
function onUnwritten({ code, message }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') return;
  process.stderr.write(`rxftp: ${message}\n`);
  process.exit(1);
}

/** The manifest is two directories above the command, bundled or not. */
function versionOfPackage(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

/** Help and version are no error. A wrong usage is one line, which says where the right one is. */
function tellUsage({ code, exitCode, message }: CommanderError, argv: readonly string[]): number {
  if (exitCode === 0) return 0;
  const said = code === 'commander.help' ? missing(argv) : message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
  const line = `${masked(said).replace(/\.$/, '')}. See: ${helpFor(argv)}`;
  const error = { name: 'UsageError', code, message: line, status: 2 };
  process.stderr.write(argv.includes('--json') ? `${JSON.stringify({ error })}\n` : `rxftp: ${line}\n`);
  return 2;
}

/** Help that commander shows where it knows no command. */
function missing([first, asked]: readonly string[]): string {
  return first === 'help' && asked !== undefined ? `unknown command '${asked}'` : 'a command is missing';
}

/** The words that commander shows may hold a password: a URL without a subcommand, or a misspelt --user. */
function masked(said: string): string {
  return withoutLogins(said).replace(/^(unknown option '-[^=']*)=.*'/, "$1'");
}

/** The list of processes shows a password in the arguments. If the system lets a process change its title, the command removes it. */
function hideArguments(argv: readonly string[]): void {
  if (argv.some((each) => /^ftp\w*:\/\/[^/@]*:[^/]*@/i.test(each) || /^(?:-[a-z]*u|--user)/i.test(each)))
    process.title = 'rxftp';
}

function helpFor(argv: readonly string[]): string {
  const command = ALL_COMMANDS.find(({ name }) => name === argv.find((each) => !each.startsWith('-')));
  return command === undefined ? 'rxftp --help' : `rxftp ${command.name} --help`;
}
