/** Lists the option names of other FTP programs and of Node's own modules, for the message about an unknown option. */
import type { OptionAliases } from '../protocol/option-names.js';

const ZONE_NAMES: readonly string[] = ['timezoneoffset', 'offset', 'tz', 'utcoffset', 'utcoffsetminutes'];

/** Of `connect$` and `FtpClient`. Options of node:tls belong into `tls`. */
export const CLIENT_ALIASES: OptionAliases = {
  user: ['username', 'userid', 'login'],
  password: ['pass', 'passwd', 'pwd', 'pw'],
  account: ['acct'],
  host: ['hostname', 'server', 'address', 'remotehost'],
  'parseFtpUrl(url), or the URL in place of the options': ['url', 'uri', 'href'],
  directory: ['path', 'dir', 'cwd', 'remotepath', 'initialdirectory'],
  type: ['transfertype'],
  loginCommands: ['oninit', 'afterlogin', 'postlogin', 'sitecommand', 'quote', 'commands', 'initcommands'],
  virtualHost: ['vhost', 'sendhost', 'ftphost'],
  clientName: ['clnt', 'client', 'useragent'],
  language: ['lang', 'locale'],
  secure: ['ssl', 'ftps', 'encryption', 'protocol', 'explicit', 'implicit'],
  tls: ['tlsoptions', 'ssloptions', 'secureoptions'],
  'tls: { ca }': ['ca'],
  'tls: { cert }': ['cert', 'certificate', 'certfile'],
  'tls: { key }': ['key', 'privatekey', 'keyfile'],
  'tls: { pfx }': ['pfx'],
  'tls: { passphrase }': ['passphrase'],
  'tls: { crl }': ['crl'],
  'tls: { ciphers }': ['ciphers'],
  'tls: { rejectUnauthorized }': ['rejectunauthorized'],
  'tls: { checkServerIdentity }': ['checkserveridentity'],
  'tls: { fingerprint256 }': ['fingerprint', 'fingerprintsha', 'pin', 'pinned', 'sslfingerprint'],
  'tls: { servername }': ['servername', 'sni'],
  'tls: { minVersion }': ['minversion'],
  'tls: { maxVersion }': ['maxversion'],
  'tls: { secureContext }': ['securecontext', 'context'],
  "mode: 'passive' or 'active'": ['passive', 'pasv', 'active', 'epsv'],
  activePorts: ['portrange', 'ports'],
  localAddress: ['sourceaddress', 'bind', 'bindaddress', 'localhost'],
  localPort: ['sourceport'],
  family: ['ipfamily', 'af'],
  'connectTimeoutMs, replyTimeoutMs or stallTimeoutMs': ['timeout', 'timeoutms', 'sockettimeout'],
  connectTimeoutMs: ['conntimeout', 'pasvtimeout'],
  keepAliveMs: ['keepaliveinterval'],
  transferKeepAliveMs: ['controlkeepalive', 'controlkeepalivetimeout', 'noopactivecommands'],
  encoding: ['charset'],
  compression: ['compress', 'deflate', 'gzip', 'modez', 'zlib'],
  timeZone: ZONE_NAMES,
  maxSessions: ['poolsize', 'connections', 'maxconnections', 'concurrency', 'parallel'],
  retry: ['retries', 'maxretries', 'reconnect', 'autoreconnect', 'attempts'],
  signal: ['abortsignal'],
  connector: ['proxy', 'agent', 'socket'],
  'the streams command$ and reply$': ['verbose', 'debug', 'log', 'logger'],
};

/** Of `close$`. */
export const CLOSE_ALIASES: OptionAliases = {
  drain: ['graceful', 'gracefully', 'wait', 'finish', 'waitforidle'],
};

/** Of `retry`. */
export const RETRY_ALIASES: OptionAliases = {
  attempts: ['times', 'tries', 'retries', 'count', 'limit', 'maxattempts', 'maxretries', 'maxtries'],
  delayMs: ['delay', 'wait', 'interval', 'mindelay', 'initialdelay', 'mintimeout'],
  maxDelayMs: ['maxdelay', 'maxwait', 'maxinterval', 'maxtimeout'],
  when: ['if', 'filter', 'shouldretry', 'retryif', 'condition'],
};

/** Of `minRate`. */
export const RATE_ALIASES: OptionAliases = {
  bytesPerSecond: ['bytes', 'rate', 'speed', 'bps', 'limit'],
  overMs: ['over', 'time', 'window', 'windowms', 'seconds', 'ms', 'interval', 'intervalms'],
};

/** Of transfers. */
export const TRANSFER_ALIASES: OptionAliases = {
  start: ['offset', 'rest', 'restart', 'restartat', 'from', 'startat', 'position', 'begin'],
  end: ['to', 'until', 'stop'],
  size: ['total', 'length', 'filesize'],
  signal: ['abortsignal'],
  type: ['mode', 'transfertype'],
  verify: ['check', 'checksize'],
  deadlineMs: ['deadline', 'timeout', 'timeoutms', 'maxtime'],
  minRate: ['minspeed', 'speedlimit', 'lowspeed', 'speedtime'],
  'the operator progress': ['onprogress', 'progress'],
  'the operator throttleBytes': ['limit', 'bytespersecond', 'ratelimit'],
  'the operator toReadable': ['highwatermark'],
};

/** Of listings. */
export const LISTING_ALIASES: OptionAliases = {
  args: ['options', 'flags', 'arguments'],
  signal: ['abortsignal'],
};

/** Of `entries$`. */
export const ENTRIES_ALIASES: OptionAliases = {
  hidden: ['all', 'showhidden', 'dotfiles', 'args', 'flags'],
  dialect: ['format', 'parser', 'servertype'],
  timeZone: ZONE_NAMES,
  precise: ['exact', 'exacttimes', 'mdtm'],
  via: ['usestat', 'method', 'command'],
  signal: ['abortsignal'],
};

/** Of `lookup$`. */
export const LOOKUP_ALIASES: OptionAliases = {
  dialect: ENTRIES_ALIASES.dialect ?? [],
  timeZone: ENTRIES_ALIASES.timeZone ?? [],
  signal: ENTRIES_ALIASES.signal ?? [],
};

/** Of `hash$`. */
export const HASH_ALIASES: OptionAliases = {
  algorithm: ['type', 'hash', 'method', 'algo', 'digest'],
  start: ['offset', 'from', 'rest', 'position', 'begin'],
  end: ['to', 'until', 'stop'],
  signal: ['abortsignal'],
};
