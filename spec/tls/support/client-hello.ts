/** Reads from a ClientHello which TLS 1.3 ticket it offers (RFC 8446 sections 4.1.2 and 4.2.11). */

const preSharedKey = 41;

/** The first ticket offered, in hex; undefined when there is none. `record` is the TLS record, header and all. */
export function offeredTicket(record: Buffer): string | undefined {
  const afterRandom = 5 + 4 + 2 + 32;
  let at = afterRandom + 1 + record.readUInt8(afterRandom);
  at += 2 + record.readUInt16BE(at);
  at += 1 + record.readUInt8(at);
  const end = at + 2 + record.readUInt16BE(at);
  for (at += 2; at < end; at += 4 + record.readUInt16BE(at + 2)) {
    if (record.readUInt16BE(at) !== preSharedKey) continue;
    const identity = at + 4 + 2 + 2;
    return record.subarray(identity, identity + record.readUInt16BE(identity - 2)).toString('hex');
  }
  return undefined;
}
