/**
 * Lists the differences of the servers as one table: an operation's result, or the code of its refusal.
 *
 * Nothing in the specs asks which server it talks to; a difference that is not here is a fault of the library.
 */
import type { InteropName } from './interop-server.js';

export interface Manners {
  /** MLSD and MLST. */
  readonly mlsd: boolean;
  /** LIST of a directory that is not there: nothing, the error as a line, or a refusal. */
  readonly missingList: 'nothing' | 'a line' | number;
  /** NLST of it. */
  readonly missingNlst: 'nothing' | number;
  /** MLSD of it, or what `entries$` does without MLSD. */
  readonly missingEntries: number;
  readonly emptyNlst: readonly string[] | number;
  /** NLST of `dir`, which holds `x`. */
  readonly nlst: readonly string[];
  /** The name that MLST gives to `ten` in `/d`. */
  readonly mlstName: '/d/ten' | 'ten';
  /** The name in MKD's reply to `made` in the directory `d`. */
  readonly madeName: 'whole' | 'as given';
  /** MKD of what is there already. */
  readonly madeAgain: 'accepted' | number;
  /** RETR of a missing file, and STOR into a missing directory. */
  readonly missingRetr: number;
  readonly missingStor: number;
  /** STOU without a name. */
  readonly nameless: 'accepted' | 'not sent' | number;
  /** `0123456789` after `AB` was stored at offset 5. */
  readonly restarted: string;
  /** How lines stored in the ASCII type end on the server's disk. */
  readonly lineEnd: '\n' | '\r\n';
  /** The form of a file's line end in the ASCII type, on the wire. */
  readonly wireLineEnd: '\n' | '\r\n';
  /** Can set modification times. */
  readonly setsTime: boolean;
  /** ABOR with nothing to abort. */
  readonly idleAbor: 225 | 226;
  readonly unknownCommand: 500 | 502;
  /** `OPTS UTF8 ON`. */
  readonly optsUtf8: 'accepted' | number;
  readonly acct: 'accepted' | number;
  readonly siteHelp: 'accepted' | number;
  /** Names that are refused or altered. */
  readonly unusableNames: readonly string[];
  /** Names go through as bytes, whatever they encode. */
  readonly rawNames: boolean;
}

/** As most of them. */
const usual: Manners = {
  mlsd: true,
  missingList: 550,
  missingNlst: 550,
  missingEntries: 550,
  emptyNlst: [],
  nlst: ['dir/x'],
  mlstName: '/d/ten',
  madeName: 'whole',
  madeAgain: 550,
  missingRetr: 550,
  missingStor: 550,
  nameless: 'accepted',
  restarted: '01234AB789',
  lineEnd: '\n',
  wireLineEnd: '\r\n',
  setsTime: true,
  idleAbor: 225,
  unknownCommand: 500,
  optsUtf8: 'accepted',
  acct: 502,
  siteHelp: 'accepted',
  unusableNames: [],
  rawNames: true,
};

export const manners: Readonly<Record<InteropName, Manners>> = {
  vsftpd: {
    ...usual,
    mlsd: false,
    missingList: 'nothing',
    missingNlst: 'nothing',
    missingStor: 553,
    // Its ascii_upload_enable and ascii_download_enable are off by default.
    lineEnd: '\r\n',
    wireLineEnd: '\n',
  },
  proftpd: { ...usual, missingList: 450, missingNlst: 450, idleAbor: 226 },
  'pure-ftpd': {
    ...usual,
    missingList: 'nothing',
    emptyNlst: ['empty/.', 'empty/..'],
    nlst: ['dir/.', 'dir/..', 'dir/x'],
    mlstName: 'ten',
    madeName: 'as given',
    missingStor: 553,
    restarted: '01234AB',
    idleAbor: 226,
    optsUtf8: 504,
    acct: 'accepted',
    // Spaces at the ends become underscores.
    unusableNames: ['back\\slash', ' leading', 'trailing ', '  both  ', ' \u2192 b -> c'],
  },
  pyftpdlib: { ...usual, missingEntries: 501, nlst: ['x'], optsUtf8: 501, acct: 500, rawNames: false },
  inetutils: {
    ...usual,
    mlsd: false,
    missingList: 'a line',
    emptyNlst: 550,
    missingStor: 553,
    nameless: 'not sent',
    setsTime: false,
    optsUtf8: 501,
  },
  'ftp-srv': {
    ...usual,
    missingList: 451,
    missingNlst: 451,
    nlst: ['x'],
    madeAgain: 'accepted',
    missingRetr: 551,
    nameless: 550,
    restarted: '\0\0\0\0\0AB',
    lineEnd: '\r\n',
    wireLineEnd: '\n',
    unknownCommand: 502,
    siteHelp: 502,
    unusableNames: ['back\\slash', 'quo"te', '"quoted"'],
    rawNames: false,
  },
};
