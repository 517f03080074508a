/** Lists the verbs beyond RFC 959, which FEAT names if a server has them (RFC 2389 section 3.2). */

const EXTENSIONS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...['AUTH', 'PBSZ', 'PROT', 'CCC', 'EPSV', 'EPRT', 'SIZE', 'MDTM', 'MLST', 'MLSD', 'MFMT', 'MFCT', 'MFF'],
  ...['HASH', 'RANG', 'MD5', 'MMD5', 'XCRC', 'XMD5', 'XSHA', 'XSHA1', 'XSHA256', 'XSHA512'],
  ...['AVBL', 'DSIZ', 'RMDA', 'CSID', 'CLNT', 'HOST', 'LANG', 'PRET'],
]);

/** Whether `verb`, in upper case, is one that FEAT would name. */
export function isExtension(verb: string): boolean {
  return EXTENSIONS.has(verb);
}
