/** Finds the peers that this machine has. */
import { findProgram } from '../lab/find-program.js';
import type { Workshop } from '../lab/workshop.js';
import { bare } from './bare.js';
import { basicFtp } from './basic-ftp.js';
import { curl } from './curl.js';
import { ftplib } from './ftplib.js';
import { lftp } from './lftp.js';
import type { Peer } from './peer.js';
import { rxftp } from './rxftp.js';

export function allPeers(workshop: Workshop): readonly Peer[] {
  return [
    rxftp(workshop),
    basicFtp(workshop),
    bare(workshop),
    ...whereInstalled('curl', curl),
    ...whereInstalled('lftp', lftp),
    ...whereInstalled('python3', ftplib),
  ];
}

function whereInstalled(program: string, make: (path: string) => Peer): readonly Peer[] {
  const path = findProgram(program);
  return path === undefined ? [] : [make(path)];
}
