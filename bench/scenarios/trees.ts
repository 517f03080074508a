/** Whole trees: many small files in a hundred directories, which have to be listed and made too. */
import { faster, within } from './goal.js';
import { type Scenario, wallSeconds } from './scenario.js';

export const trees: readonly Scenario[] = (['tree-down', 'tree-up'] as const).flatMap((task) =>
  ([1, 4] as const).map((sessions): Scenario => {
    const way = task === 'tree-down' ? 'down' : 'up';
    return {
      name: sessions === 1 ? task : `${task}-4`,
      title: `a tree of 100 directories, ${way}, ${sessions === 1 ? 'one connection' : 'four connections'}`,
      task,
      link: 'loopback',
      servers: ['vsftpd'],
      sessions,
      size: { bytes: 4096, count: 2000 },
      quickSize: { bytes: 4096, count: 200 },
      unit: wallSeconds,
      without: ['ftplib'],
      goals: [faster('rxftp mirror$', 1.5, 'basic-ftp'), within('rxftp mirror$', 15, 'lftp', true)],
    };
  }),
);
