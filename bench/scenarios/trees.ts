/** Whole trees: many small files in directories, which have to be listed and made too. */
import { roundTripMs } from '../lab/network.js';
import { faster, within } from './goal.js';
import { type Scenario, wallSeconds } from './scenario.js';

type Near = Pick<Scenario, 'name' | 'title' | 'link' | 'size' | 'quickSize'>;

const near: Near = {
  name: 'tree',
  title: 'a tree of 100 directories',
  link: 'loopback',
  size: { bytes: 4096, count: 2000 },
  quickSize: { bytes: 4096, count: 200 },
};

/** Smaller, since some wait for each reply; what a file costs does not depend on how many there are. */
const far: Near = {
  name: 'far-tree',
  title: `a tree of 200 files in 10 directories at ${roundTripMs} ms`,
  link: 'wire',
  size: { bytes: 4096, count: 200, directories: 10 },
  quickSize: { bytes: 4096, count: 20, directories: 4 },
};

export const trees: readonly Scenario[] = [near, far].flatMap(({ name, title, ...where }) =>
  (['down', 'up'] as const).flatMap((way) =>
    ([1, 4] as const).map(
      (sessions): Scenario => ({
        ...where,
        name: `${name}-${way}${sessions === 1 ? '' : `-${sessions}`}`,
        title: `${title}, ${way}, ${sessions === 1 ? 'one connection' : 'four connections'}`,
        task: `tree-${way}`,
        servers: ['vsftpd'],
        sessions,
        unit: wallSeconds,
        without: ['ftplib'],
        goals: [faster('rxftp mirror$', 1.5, 'basic-ftp'), within('rxftp mirror$', 15, 'lftp', true)],
      }),
    ),
  ),
);
