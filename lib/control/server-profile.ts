/**
 * Recognises by their greeting the servers that are known to accept more than one command at a time. With any other server the client sends
 * one command at a time. A device may drop the second command of a packet.
 */
import { LOCK_STEP, type WindowLimits } from './sliding-window.js';

/** The known behaviour of a server. */
export interface ServerProfile {
  /** It was seen to send one final reply to each command, never two. */
  readonly answersOnce: boolean;
  /** Plain commands that may be under way together. */
  readonly window: WindowLimits;
  /**
   * The longest command line that it takes as one, CRLF included; undefined if that is unknown. inetutils takes the rest of
   * a longer one for a command of its own, pyftpdlib answers it twice, ProFTPD never; vsftpd and Pure-FTPd hang up.
   */
  readonly lineBytes?: number;
  /** The next EPSV may be sent when a download's data has ended, before its final reply. */
  readonly earlyPort: boolean;
  /**
   * So it may when all bytes of an upload have been sent: a command that comes while the server still reads them is left unread until
   * then. ProFTPD and Pure-FTPd read it at once, and refuse it.
   */
  readonly earlyPortBehindUploads?: boolean;
  /**
   * It leaves a ClientHello that comes before the transfer command unread until then. So does ProFTPD, but of
   * 32 aborts over a slow line three cost it the session.
   */
  readonly earlyHello?: boolean;
  /** Its LIST and NLST give the same bytes in any type. */
  readonly listsInAnyType?: boolean;
  /** The unsent rest of a broken listing comes before the next one. */
  readonly repeatsListings?: boolean;
  /** RNTO may leave in one write with its RNFR. */
  readonly renamesAtOnce?: boolean;
  /**
   * More of such pairs may leave behind it: RNTO ends the rename, also where it is refused. Pure-FTPd keeps it where it prohibits the name
   * (553), and pyftpdlib where the user may not rename in the directory. The next RNTO would rename that file, if its own RNFR is refused.
   */
  readonly endsRefusedRenames?: boolean;
  /** After RNFR it answers 501 to any command but RNTO; undefined if that is unknown. */
  readonly keepsRename?: boolean;
  /** A refused PASS is answered seconds later, after the later commands: a login in one write could not be told apart. */
  readonly refusesLate?: boolean;
  /** It takes a byte 0xFF in a command for the beginning of a Telnet command, so that it must be doubled; a name would lose it. */
  readonly takesIac?: boolean;
  /** It doubles each 0xFF in its replies, but takes it as it is in commands. */
  readonly doublesIac?: boolean;
  /** It takes a name as it is, quotation marks and backslashes included; ftp-srv leaves the ones out and makes slashes of the others. */
  readonly keepsNames?: boolean;
  /** It waits for some 0.4 s after each 16 KiB of a compressed upload (MODE Z), seen with ProFTPD 1.3.8. */
  readonly inflatesSlowly?: boolean;
  /** In MODE Z, REST names an offset in the file, as in MODE S. */
  readonly restartsDeflated?: boolean;
  /** LIST passes its argument to `ls`: each word is a name of its own, and the complaints of `ls` are in the listing. */
  readonly listsByLs?: boolean;
  /** LIST takes its argument for the path of one directory, if it has neither blanks nor the signs of patterns. */
  readonly listTakesPaths?: boolean;
  /** The same of `LIST -a PATH`: what stands behind `-a` is the path. pyftpdlib takes both for one name. */
  readonly listsAllOfPaths?: boolean;
  /** MLSD takes its argument for the path of one directory, if it has neither blanks nor the signs of patterns. */
  readonly mlsdTakesPaths?: boolean;
  /** MLSD takes any argument without control characters for the path of one directory. */
  readonly mlsdTakesAnyPath?: boolean;
  /** MDTM with a time sets it, and there is no MFMT. */
  readonly setsTimeByMdtm?: boolean;
  /** After a STOU, APPE empties its file, for as long as the session lasts: that it must not truncate stays set. */
  readonly stouSpoilsAppe?: boolean;
  /** STOU without a name is a syntax error. */
  readonly stouNeedsName?: boolean;
  /** It opens passive ports without PRET, though FEAT names it. */
  readonly needsNoPret?: boolean;
  /** STOR after REST empties the file, and fills what was stored with zeros (ftp-srv). */
  readonly spoilsRestart?: boolean;
  /** After a syntax error the next command that it does not know gets no reply: its parser is not reset. */
  readonly stallsAfterSyntaxError?: boolean;
}

/**
 * 2 KiB, with the TYPE I that a SIZE may need first. ProFTPD and Pure-FTPd stall at a TLS record of more than 4096 bytes, and
 * as much as that is never unanswered. All of them join a line that is cut by a packet's end, and take more while they answer.
 */
const WINDOW: WindowLimits = /* @__PURE__ */ Object.freeze({ commands: 32, bytes: 2048 - 'TYPE I\r\n'.length });

/** vsftpd's limit; ProFTPD's is 4102, Pure-FTPd's 4112. */
const LINE_BYTES = 4096;

const ONE_BY_ONE: ServerProfile = /* @__PURE__ */ Object.freeze({
  answersOnce: false,
  window: LOCK_STEP,
  earlyPort: false,
});

/** rxftp's own servers for tests have this name; they do only what a spec tells them. */
const TEST_SERVER: ServerProfile = /* @__PURE__ */ Object.freeze({
  answersOnce: true,
  window: LOCK_STEP,
  earlyPort: false,
  keepsRename: false,
  mlsdTakesPaths: true,
});

const KNOWN: readonly { readonly greeting: RegExp; readonly profile: ServerProfile }[] = /* @__PURE__ */ Object.freeze([
  { greeting: /\brxftp test server\b/, profile: TEST_SERVER },
  {
    greeting: /\bvsFTPd\b/i,
    profile: {
      answersOnce: true,
      window: WINDOW,
      keepsNames: true,
      lineBytes: LINE_BYTES,
      earlyPort: true,
      earlyPortBehindUploads: true,
      earlyHello: true,
      renamesAtOnce: true,
      endsRefusedRenames: true,
      keepsRename: false,
      listsInAnyType: true,
      listTakesPaths: true,
      listsAllOfPaths: true,
      doublesIac: true,
      setsTimeByMdtm: true,
    },
  },
  {
    greeting: /\bProFTPD\b/i,
    profile: {
      answersOnce: true,
      window: WINDOW,
      keepsNames: true,
      lineBytes: LINE_BYTES,
      earlyPort: true,
      renamesAtOnce: true,
      endsRefusedRenames: true,
      keepsRename: true,
      takesIac: true,
      inflatesSlowly: true,
      restartsDeflated: true,
      listsInAnyType: true,
      listTakesPaths: true,
      listsAllOfPaths: true,
      mlsdTakesAnyPath: true,
    },
  },
  {
    greeting: /\bPure-FTPd\b/i,
    profile: {
      answersOnce: true,
      window: WINDOW,
      keepsNames: true,
      lineBytes: LINE_BYTES,
      earlyPort: true,
      earlyHello: true,
      renamesAtOnce: true,
      keepsRename: false,
      listsInAnyType: true,
      listTakesPaths: true,
      listsAllOfPaths: true,
      mlsdTakesAnyPath: true,
      repeatsListings: true,
      needsNoPret: true,
      stouSpoilsAppe: true,
    },
  },
  {
    greeting: /\bpyftpdlib\b/i,
    profile: {
      answersOnce: true,
      window: WINDOW,
      keepsNames: true,
      lineBytes: 2048,
      earlyPort: false,
      keepsRename: false,
      listsInAnyType: true,
      listTakesPaths: true,
      mlsdTakesAnyPath: true,
      refusesLate: true,
    },
  },
  {
    greeting: /\binetutils\b/i,
    profile: {
      answersOnce: true,
      window: WINDOW,
      keepsNames: true,
      lineBytes: 511,
      earlyPort: false,
      keepsRename: false,
      takesIac: true,
      listsByLs: true,
      stouNeedsName: true,
      stallsAfterSyntaxError: true,
    },
  },
  // ftp-srv names itself by its last line alone. Another server that says the same only has its uploads begun anew.
  {
    greeting: /(?:^|\n)(?:Ready|Features: a \.)$/,
    profile: { answersOnce: false, window: LOCK_STEP, earlyPort: false, spoilsRestart: true },
  },
]);

/** The same server, after a reply that did not fit came from it while several commands were unanswered. */
export function oneByOne(profile: ServerProfile): ServerProfile {
  return {
    ...profile,
    answersOnce: false,
    window: LOCK_STEP,
    earlyPort: false,
    earlyPortBehindUploads: false,
    renamesAtOnce: false,
  };
}

/** The profile of the server that greeted like this. */
export function profileOf(welcome: string): ServerProfile {
  return KNOWN.find(({ greeting }) => greeting.test(welcome))?.profile ?? ONE_BY_ONE;
}
