/** Finds the words that a shell may complete: subcommands, options and their choices, local files. It does not ask servers for paths. */
import { type Dirent, readdirSync } from 'node:fs';
import { RootCommand } from '@bomb.sh/tab';
import type { CommandDescription, CommandOption } from './command.js';
import { ALL_COMMANDS, SHARED_OPTIONS } from './commands/all-commands.js';

type Completed = ReturnType<RootCommand['command']>;
/** The arguments that are, or may be, paths of this machine. */
const LOCAL: readonly string[] = ['file', 'dir', 'from', 'to'];

type Offer = (value: string, description: string) => void;

/** Prints what may stand in place of the last of the words behind `rxftp`, one a line. */
export function complete(words: readonly string[]): void {
  const root = new RootCommand();
  const word = words.at(-1) ?? '';
  const offerFiles = (offer: Offer): void => {
    for (const file of filesFor(word)) offer(file, '');
  };
  for (const description of ALL_COMMANDS) addCommand(root, description, offerFiles);
  for (const option of SHARED_OPTIONS) addOption(root, option, offerFiles);
  root.parse([...words]);
}

function addCommand(root: RootCommand, description: CommandDescription, offerFiles: (offer: Offer) => void): void {
  const { name, about, options = [] } = description;
  const command = root.command(name, about);
  for (const option of [...options, ...SHARED_OPTIONS]) addOption(command, option, offerFiles);
  for (const [, argument = '', dots] of description.arguments.matchAll(/[<[](\w+)(\.\.\.)?[>\]]/g)) {
    command.argument(argument, LOCAL.includes(argument) ? offerFiles : undefined, dots !== undefined);
  }
}

/** `-n, --lines <count>` is the option `lines` with the short name `n`, and takes a value. */
function addOption(
  command: Completed,
  { flags, about, choices = [] }: CommandOption,
  offerFiles: (offer: Offer) => void,
): void {
  const [, short, long = '', value] = /^(?:-(\w), )?--([\w-]+)(?: <(.+)>)?$/.exec(flags) ?? [];
  if (value === undefined) {
    command.option(long, about, short);
    return;
  }
  const offerChoices = (offer: Offer): void => {
    for (const choice of choices) offer(choice, '');
  };
  command.option(long, about, value === 'file' ? offerFiles : offerChoices, short);
}

/** The files whose paths begin with the word; directories end in a slash. */
function filesFor(word: string): string[] {
  const directory = word.slice(0, word.lastIndexOf('/') + 1);
  return entriesOf(directory === '' ? '.' : directory)
    .map((entry) => `${directory}${entry.name}${entry.isDirectory() ? '/' : ''}`)
    .filter((path) => path.startsWith(word));
}

/** A directory that cannot be read has nothing to offer: a completion is no place for an error. */
function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}
