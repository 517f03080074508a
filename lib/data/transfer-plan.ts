import type { MinRate } from '../control/min-rate.js';
import type { Command } from '../protocol/command.js';
import type { Reply } from '../protocol/reply.js';

/** The plan of a transfer, up to its first byte. */
export interface TransferPlan {
  readonly command: Command;
  /** The path that events show; by default the argument of the command. */
  readonly path?: string | undefined;
  /** The representation type the transfer needs; undefined where any will do. */
  readonly type: string | undefined;
  /** It can do with the type that is set, should the server refuse the other one. */
  readonly anyTypeWillDo?: boolean;
  /** It can do with the bytes of a transfer mode that is neither S nor Z, as they are. */
  readonly anyMode?: boolean;
  /** Another host has the data connection, and no bytes come here. */
  readonly toThirdParty?: boolean;
  /** Lines end in LF here, and in the ASCII type's CRLF on the wire. */
  readonly localLineEnds?: boolean;
  /** The byte offset to restart at. */
  readonly start: number;
  /** Called right before the command is sent. Its error ends the transfer without the command. */
  readonly onReady?: () => void;
  /** Called when the transfer has begun, with its preliminary reply if there was one. */
  readonly onBegun?: (preliminary: Reply | undefined) => void;
  /** The least rate of the transfer; if it is missing, that of the settings. */
  readonly minRate?: MinRate | false | undefined;
  /** The command waits for this promise; a cancel ends the wait. */
  readonly opening?: () => Promise<void> | undefined;
}
