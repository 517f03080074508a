/** Describes the subcommands about servers. */
import type { CommandDescription } from '../command.js';
import { describe } from './describe.js';

const send = describe('send', '<url> <line>', {
  about: 'Send one command line as it is, and show the replies.',
  more: 'The session changes into a path in the URL first. A refusal is exit status 5. The command refuses lines that transfer.',
  examples: [
    { line: 'rxftp send ftp://ftp.example.com/ SYST', about: 'a command without an argument' },
    {
      line: "rxftp send ftpes://me@ftp.example.com/ 'SITE CHMOD 600 a.txt'",
      about: 'one with arguments, as one word of the shell',
    },
  ],
  load: () => import('../run/send.js'),
});

const doctor = describe('doctor', '<url>', {
  about: 'Find out what a server can, and which options fit it.',
  more: 'It logs in a few times, lists the directory of the URL, and changes nothing.',
  examples: [
    { line: 'rxftp doctor ftpes://me@ftp.example.com/', about: 'in plain words, ending in options as code' },
    { line: 'rxftp doctor ftp://ftp.example.com/pub --json', about: 'one JSON value for each finding' },
  ],
  load: () => import('../run/doctor.js'),
});

const demo = describe('demo', '', {
  about: 'Start a server with a small tree, for the first steps.',
  more: 'It listens on 127.0.0.1 only, and ends with Ctrl-C.',
  options: [{ flags: '--port <number>', about: 'any that is free, unless it is given' }],
  examples: [
    { line: 'rxftp demo', about: 'prints the URL of the server, and what to try' },
    { line: 'rxftp demo --port 2121', about: 'on this port' },
  ],
  load: () => import('../run/demo.js'),
});

const completion = describe('completion', '<shell>', {
  about: 'Print the script that lets bash, zsh or fish complete rxftp.',
  examples: [
    { line: 'source <(rxftp completion bash)', about: 'in ~/.bashrc; the same with zsh in ~/.zshrc' },
    { line: 'rxftp completion fish > ~/.config/fish/completions/rxftp.fish', about: 'once' },
  ],
  load: () => import('../run/completion.js'),
});

export const SERVER_COMMANDS: readonly CommandDescription[] = [send, doctor, demo, completion];
