/** What a shell may complete: subcommands, options, and the choices of options. Paths on servers are not asked for. */
import { RootCommand } from '@bomb.sh/tab';
import type { CommandOption } from './command.js';
import { ALL_COMMANDS, SHARED_OPTIONS } from './commands/all-commands.js';

type Completed = ReturnType<RootCommand['command']>;

/** Prints what may stand in place of the last of the words behind `rxftp`, one a line. */
export function complete(words: readonly string[]): void {
  const root = new RootCommand();
  for (const { name, about, options = [] } of ALL_COMMANDS) {
    const command = root.command(name, about);
    for (const option of [...options, ...SHARED_OPTIONS]) add(command, option);
  }
  for (const option of SHARED_OPTIONS) add(root, option);
  root.parse([...words]);
}

/** `-n, --lines <count>` is the option `lines` with the short name `n`, and takes a value. */
function add(command: Completed, { flags, about, choices = [] }: CommandOption): void {
  const [, short, long = '', value] = /^(?:-(\w), )?--([\w-]+)( <.+>)?$/.exec(flags) ?? [];
  if (value === undefined) {
    command.option(long, about, short);
    return;
  }
  const offer = (tell: (value: string, description: string) => void): void => {
    for (const choice of choices) tell(choice, '');
  };
  command.option(long, about, offer, short);
}
