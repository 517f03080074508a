/** The public names: a change here is a change for users, and belongs in the CHANGELOG. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { FtpCommands } from '../../lib/client/ftp-commands.js';
import * as main from '../../lib/index.js';
import { FtpClient, FtpSession } from '../../lib/index.js';
import * as protocol from '../../lib/protocol/index.js';
import * as proxy from '../../lib/proxy/index.js';
import * as recipes from '../../lib/recipes/index.js';
import * as sinks from '../../lib/sinks/index.js';
import * as testing from '../../lib/testing/index.js';

/** Every name that an index exports, types too, as `export { a, type B } from` and `export type { C } from` say it. */
async function exportedNames(index: string): Promise<string[]> {
  const text = await readFile(new URL(`../../lib/${index}`, import.meta.url), 'utf8');
  const lists = [...text.matchAll(/export (?:type )?\{([^}]*)\}/g)].map(([, list = '']) => list);
  const names = lists.flatMap((list) => list.split(',')).map((name) => name.trim().replace(/^type /, ''));
  return names.filter((name) => name !== '').sort();
}

function membersOf(...prototypes: readonly object[]): string[] {
  const names = prototypes.flatMap((prototype) => Object.getOwnPropertyNames(prototype));
  return [...new Set(names)].filter((name) => name !== 'constructor').sort();
}

describe('rxftp', () => {
  it('exports these values', () => {
    expect(Object.keys(main).sort()).toMatchInlineSnapshot(`
      [
        "DEFAULTS",
        "Features",
        "FtpClient",
        "FtpConnectionError",
        "FtpError",
        "FtpProtocolError",
        "FtpReplyError",
        "FtpSecurityError",
        "FtpSession",
        "FtpTimeoutError",
        "FtpTransferError",
        "FtpUnsupportedError",
        "FtpUsageError",
        "collectBytes",
        "connect$",
        "connectSocket",
        "decodeText",
        "digest",
        "facts",
        "isFtpError",
        "lines",
        "listing",
        "listingLines",
        "netrcCredentials",
        "paced",
        "parseFtpUrl",
        "progress",
        "tapDigest",
        "tapProgress",
        "throttleBytes",
        "toReadable",
        "toWeb",
        "toWritable",
      ]
    `);
  });

  it('exports these names, types included', async () => {
    expect(await exportedNames('index.ts')).toMatchInlineSnapshot(`
      [
        "AppeOptions",
        "ByteSource",
        "ByteSourceAt",
        "ByteStream",
        "CloseOptions",
        "ClosedEvent",
        "CommandSequence",
        "ConnectedEvent",
        "ConnectingEvent",
        "Connection",
        "Connector",
        "ConnectorEndpoint",
        "DEFAULTS",
        "DecodeTextOptions",
        "Dialect",
        "Endpoint",
        "EntriesOptions",
        "ExchangeOptions",
        "ExpectedReply",
        "FactsOptions",
        "FallbackEvent",
        "Features",
        "FileEntry",
        "FileHash",
        "FileKind",
        "FtpChannel",
        "FtpClient",
        "FtpConnectionError",
        "FtpConnectionPhase",
        "FtpDefaults",
        "FtpError",
        "FtpErrorCode",
        "FtpErrorDetails",
        "FtpEvent",
        "FtpOperations",
        "FtpOptions",
        "FtpOutcome",
        "FtpProtocolError",
        "FtpReplyError",
        "FtpSecurityError",
        "FtpSession",
        "FtpSessionOptions",
        "FtpState",
        "FtpTimeoutError",
        "FtpTimeoutPhase",
        "FtpTlsOptions",
        "FtpTransferError",
        "FtpUnsupportedError",
        "FtpUsageError",
        "HashName",
        "HashOptions",
        "LimitEvent",
        "LineSource",
        "LinesOptions",
        "ListOptions",
        "ListingLinesOptions",
        "ListingOptions",
        "LookupOptions",
        "MinRate",
        "MlsdOptions",
        "MlsxEntry",
        "MlsxType",
        "NetrcCredentials",
        "OperationOptions",
        "ProgressOptions",
        "RawTransfer",
        "ReadyEvent",
        "Reply",
        "ReplyClass",
        "ReplyEvidence",
        "ResumeOptions",
        "ResumingEvent",
        "RetrLinesOptions",
        "RetrOptions",
        "RetryOptions",
        "RetryingEvent",
        "SecuredEvent",
        "SkippedEvent",
        "StorLinesOptions",
        "StorOptions",
        "TimePrecision",
        "ToReadableOptions",
        "ToWebOptions",
        "TransferEndedEvent",
        "TransferLimits",
        "TransferOptions",
        "TransferProgress",
        "TransferStartedEvent",
        "TransferType",
        "UnparsedEvent",
        "UnparsedOption",
        "UnparsedOptions",
        "ValueStream",
        "collectBytes",
        "connect$",
        "connectSocket",
        "decodeText",
        "digest",
        "facts",
        "isFtpError",
        "lines",
        "listing",
        "listingLines",
        "netrcCredentials",
        "paced",
        "parseFtpUrl",
        "progress",
        "tapDigest",
        "tapProgress",
        "throttleBytes",
        "toReadable",
        "toWeb",
        "toWritable",
      ]
    `);
  });

  it('has these members on FtpSession and FtpClient alike', () => {
    expect(membersOf(FtpCommands.prototype)).toMatchInlineSnapshot(`
      [
        "abor$",
        "acct$",
        "allo$",
        "appe",
        "appe$",
        "auth$",
        "avbl$",
        "ccc$",
        "cdup$",
        "chmod$",
        "cwd$",
        "dele$",
        "entries$",
        "exchange$",
        "feat$",
        "hash$",
        "help$",
        "list$",
        "lookup$",
        "mdtm$",
        "mfmt$",
        "mkd$",
        "mlsd$",
        "mlst$",
        "mode$",
        "nlst$",
        "noop$",
        "opts$",
        "pbsz$",
        "prot$",
        "pwd$",
        "rein$",
        "rename$",
        "retr",
        "retr$",
        "retrLines$",
        "rmd$",
        "send$",
        "sequence$",
        "site$",
        "size$",
        "smnt$",
        "stat$",
        "stor",
        "stor$",
        "storLines$",
        "stou$",
        "syst$",
        "transfer$",
        "type$",
      ]
    `);
  });

  it('has these on one of them only', () => {
    expect(membersOf(FtpSession.prototype)).toMatchInlineSnapshot(`
      [
        "close$",
        "command$",
        "events$",
        "features",
        "reply$",
        "state$",
        "welcome",
      ]
    `);
    expect(membersOf(FtpClient.prototype)).toMatchInlineSnapshot(`
      [
        "close$",
        "command$",
        "events$",
        "reply$",
        "state$",
      ]
    `);
    expect(Symbol.asyncDispose in FtpClient.prototype).toBe(true);
  });

  it('marks by $ what is or gives an Observable, and nothing else', () => {
    const node = ['retr', 'stor', 'appe'];
    for (const name of membersOf(FtpCommands.prototype)) expect(name.endsWith('$')).toBe(!node.includes(name));
  });
});

describe('rxftp/protocol', () => {
  it('exports these values', () => {
    expect(Object.keys(protocol).sort()).toMatchInlineSnapshot(`
      [
        "EXCHANGES",
        "Features",
        "Latin1Decoder",
        "LineDecoder",
        "ListingParser",
        "ReplyDecoder",
        "Utf8Decoder",
        "command",
        "commandFromLine",
        "decodeLatin1",
        "decodeUtf8",
        "encodeCommand",
        "encodeLatin1",
        "encodeUtf8",
        "fileEntryFromFacts",
        "formatEprt",
        "formatFactsOption",
        "formatPort",
        "formatReply",
        "formatTimestamp",
        "maskSecret",
        "outcomeOf",
        "parseEpsv",
        "parseFacts",
        "parseMlst",
        "parsePasv",
        "parsePathname",
        "parseSize",
        "parseStoredName",
        "parseTimestamp",
        "parseTransferSize",
        "printable",
      ]
    `);
  });

  it('exports these names, types included', async () => {
    expect(await exportedNames('protocol/index.ts')).toMatchInlineSnapshot(`
      [
        "Command",
        "Dialect",
        "EXCHANGES",
        "Endpoint",
        "Exchange",
        "FeatureChoice",
        "Features",
        "FileEntry",
        "FileKind",
        "Latin1Decoder",
        "LineDecoder",
        "LineDecoderOptions",
        "ListingContext",
        "ListingParser",
        "ListingParserOptions",
        "ListingRow",
        "MlsxEntry",
        "MlsxType",
        "Outcome",
        "Reply",
        "ReplyClass",
        "ReplyDecoder",
        "ReplyDecoderOptions",
        "TextDecoding",
        "TimePrecision",
        "Utf8Decoder",
        "command",
        "commandFromLine",
        "decodeLatin1",
        "decodeUtf8",
        "encodeCommand",
        "encodeLatin1",
        "encodeUtf8",
        "fileEntryFromFacts",
        "formatEprt",
        "formatFactsOption",
        "formatPort",
        "formatReply",
        "formatTimestamp",
        "maskSecret",
        "outcomeOf",
        "parseEpsv",
        "parseFacts",
        "parseMlst",
        "parsePasv",
        "parsePathname",
        "parseSize",
        "parseStoredName",
        "parseTimestamp",
        "parseTransferSize",
        "printable",
      ]
    `);
  });
});

describe('rxftp/proxy', () => {
  it('exports these values', () => {
    expect(Object.keys(proxy).sort()).toMatchInlineSnapshot(`
      [
        "httpConnect",
        "proxyFromEnvironment",
        "socks",
      ]
    `);
  });
});

describe('rxftp/recipes', () => {
  it('exports these values', () => {
    expect(Object.keys(recipes).sort()).toMatchInlineSnapshot(`
      [
        "FtpTreeError",
        "apply$",
        "download$",
        "emptyDirectory$",
        "ensureDirectory$",
        "fxp$",
        "glob$",
        "local",
        "mirror$",
        "plan$",
        "publish$",
        "remote",
        "removeTree$",
        "upload$",
        "usage$",
        "walk$",
      ]
    `);
  });
});

describe('rxftp/sinks', () => {
  it('exports these values', () => {
    expect(Object.keys(sinks).sort()).toMatchInlineSnapshot(`
      [
        "FileWriter",
        "byteStream",
        "fileSource",
        "moveBytes",
        "moveBytes$",
      ]
    `);
  });

  it('exports these names, types included', async () => {
    expect(await exportedNames('sinks/index.ts')).toMatchInlineSnapshot(`
      [
        "ByteMove",
        "FileWriter",
        "LocalFileSource",
        "MoveHandlers",
        "MoveOptions",
        "WriteViews",
        "byteStream",
        "fileSource",
        "moveBytes",
        "moveBytes$",
      ]
    `);
  });
});

describe('rxftp/testing', () => {
  it('exports these values', () => {
    expect(Object.keys(testing).sort()).toMatchInlineSnapshot(`
      [
        "byteStream",
        "testServer",
      ]
    `);
  });

  it('exports these names, types included', async () => {
    expect(await exportedNames('testing/index.ts')).toMatchInlineSnapshot(`
      [
        "FaultyConnection",
        "MadeContent",
        "StoredContent",
        "TestCommand",
        "TestContent",
        "TestFault",
        "TestFile",
        "TestFiles",
        "TestHandler",
        "TestServer",
        "TestServerOptions",
        "TestTlsOptions",
        "byteStream",
        "testServer",
      ]
    `);
  });
});
