/** Builds the command line for commander from the descriptions, and runs nothing. */
import { Command, Option } from 'commander';
import type { CommandDescription, CommandOption } from './command.js';
import { ALL_COMMANDS, SHARED_OPTIONS } from './commands/all-commands.js';
import type { Options } from './session/context.js';

export interface Choice {
  readonly command: CommandDescription;
  readonly args: readonly string[];
  readonly options: Options;
}

const EXIT_STATUS = `Exit status:
  0 done, 1 something failed, 2 wrong usage, 3 connection or time, 4 login refused, 5 not found, refused or
  not supported by the server, 6 security, 7 transfer incomplete, 130 interrupted

Passwords: in the URL, RXFTP_PASSWORD, ~/.netrc, or typed at the prompt.`;

/** Gives what was chosen to `onChoice`. Wrong usage is a `CommanderError`, which nothing is printed for. */
export function makeProgram(version: string, onChoice: (choice: Choice) => void): Command {
  const program = new Command('rxftp')
    .description('FTP and FTPS in the shell.')
    .usage('<command> <url> [options]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', `\n${EXIT_STATUS}\n\nrxftp help <command> shows its options and two examples.`);
  for (const option of SHARED_OPTIONS) program.addOption(optionOf(option));
  for (const command of ALL_COMMANDS) add(program, command, onChoice);
  return program;
}

function add(program: Command, description: CommandDescription, onChoice: (choice: Choice) => void): void {
  const { name, about, more, options = [], examples } = description;
  const command = program
    .command(`${name} ${description.arguments}`.trim())
    .description(more === undefined ? about : `${about}\n\n${more}`)
    .summary(about);
  for (const option of options) command.addOption(optionOf(option));
  const shown = examples.map(({ line, about: why }) => `  ${line}\n      ${why}`);
  command.addHelpText('after', `\nExamples:\n${shown.join('\n')}`);
  command.action(() => {
    const args = command.processedArgs.flat().filter((each): each is string => typeof each === 'string');
    onChoice({ command: description, args, options: command.optsWithGlobals<Options>() });
  });
}

function optionOf({ flags, about, choices, repeats = false }: CommandOption): Option {
  const option = new Option(flags, about);
  if (repeats) option.argParser((value: string, before: readonly string[] = []) => [...before, value]);
  return choices === undefined ? option : option.choices([...choices]);
}
