/**
 * Lists the ways of servers to answer an aborted transfer: the replies to the transfer and to ABOR, in every known combination. Their
 * number and order cannot be predicted, which is what a client has to cope with.
 */

export interface AbortAnswer {
  /** Final reply of a transfer that was cut off. */
  readonly transfer: string | undefined;
  /** Reply to ABOR, during or after a transfer. */
  readonly abor: string | undefined;
  /** ABOR is answered before the transfer it ended (ProFTPD). */
  readonly aborFirst?: boolean;
  /** The server ends the control connection after the transfer's reply. */
  readonly hangsUp?: boolean;
}

const cut = '426 Failure writing network stream.';
const complete = '226 Transfer complete.';
const aborted = '226 ABOR successful.';
const nothingToAbort = '225 No transfer to ABOR.';

export const abortStyles = {
  /** vsftpd, inetutils. */
  '426+225': { transfer: cut, abor: nothingToAbort },
  /** ProFTPD without TLS, Pure-FTPd, pyftpdlib. */
  '426+226': { transfer: cut, abor: aborted },
  /** The transfer had ended when ABOR came, or the server calls a cut transfer complete. */
  '226+225': { transfer: complete, abor: nothingToAbort },
  '226+226': { transfer: complete, abor: aborted },
  /** ProFTPD under TLS: ABOR's reply comes before the transfer's. */
  '226 before 426': { transfer: cut, abor: aborted, aborFirst: true },
  '226 only': { transfer: undefined, abor: aborted },
  '225 only': { transfer: undefined, abor: nothingToAbort },
  '426 only': { transfer: cut, abor: undefined },
  /** ftp-srv. */
  '551+225': { transfer: '551 read ECONNRESET', abor: '225 Data connection open; no transfer in progress' },
  /** A server that does not know ABOR. */
  '426+502': { transfer: cut, abor: '502 ABOR not implemented.' },
  /** Pure-FTPd: the final reply of a broken RETR has a preliminary code. */
  '150+226': {
    transfer: '150 0.205 seconds (measured here), 18.29 Mbytes per second',
    abor: "226 Since you see this ABOR must've succeeded",
  },
  '421': { transfer: '421 Service not available, closing control connection.', abor: undefined, hangsUp: true },
  silence: { transfer: undefined, abor: undefined },
} as const satisfies Readonly<Record<string, AbortAnswer>>;

export type AbortStyle = keyof typeof abortStyles;

/** For `it.each`: every style there is. */
export const everyAbortStyle: readonly AbortStyle[] = Object.keys(abortStyles) as AbortStyle[];

export function abortAnswer(style: AbortStyle): AbortAnswer {
  return abortStyles[style];
}
