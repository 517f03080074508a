/** Listings of VMS. */
import type { FileEntry } from '../../lib/protocol/index.js';
import { type CorpusListing, directory, file, row } from './corpus.js';

const T = '2024-11-12T10:22:33';
const ann: Partial<FileEntry> = { owner: 'ANN', group: 'STAFF' };

const details: readonly (readonly [text: string, modified: string | undefined, more?: Partial<FileEntry>])[] = [
  ['4/6        12-NOV-2024 10:22:33.45  [STAFF,ANN]   (RWED,RWED,RE,)', '2024-11-12T10:22:33.450', ann],
  ['4/6        12-NOV-2024 10:22:33  [STAFF,ANN]   (RWED,RWED,RE,)', T, ann],
  ['4          12-NOV-2024 10:22:33  [STAFF,ANN]   (RWED,RWED,RE,)', T, ann],
  ['4/6        12-NOV-2024 10:22  [ANN]   (RWED,RWED,RE,RE)', '2024-11-12T10:22', { owner: 'ANN' }],
  ['4/6        12-NOV-2024  [STAFF, ANN]   (RWED,RWED,RE,)', '2024-11-12', ann],
  ['12-NOV-2024 10:22:33  4/6  [STAFF,ANN]   (RWED,RWED,RE,)', T, ann],
  ['12-NOV-2024 10:22:33  [STAFF,ANN] 4 (RWED,RWED,RE,)', T, ann],
  ['4  12-Nov-2024 10:22:33  ANN  (RWED,RWED,RE,)', T, { owner: 'ANN' }],
  ['2-NOV-2024 10:22:33', '2024-11-02T10:22:33'],
  ['4/6 31-FEB-2024 10:22:33 [STAFF,ANN]', undefined, ann],
  ['%RMS-E-PRV, insufficient privilege or file protection violation', undefined],
  ['no privilege for attempted operation', undefined],
  ['', undefined],
];

const rows = details.map(([text, modified, more]) =>
  row('vms', `README.TXT;3 ${text}`.trimEnd(), file('README.TXT', undefined, modified, more)),
);

const at = (name: string): string => `${name}    4/6  12-NOV-2024 10:22:33  [STAFF,ANN]  (RWED,RWED,RE,)`;

const listings: readonly CorpusListing[] = [
  {
    title: 'a whole listing',
    dialect: 'vms',
    lines: [
      'Directory DISK$USER:[ANN.DATA]',
      '',
      at('A.TXT;1'),
      at('DOCS.DIR;1'),
      '',
      'Total of 2 files, 8/12 blocks.',
    ],
    entries: [file('A.TXT', undefined, T, ann), directory('DOCS', T, ann)],
  },
  {
    title: 'a long name, and its row on the next line',
    dialect: 'vms',
    lines: [
      'A_NAME_THAT_TAKES_ALL_OF_ITS_COLUMNS.TXT;12',
      '        4/6  12-NOV-2024 10:22:33  [STAFF,ANN]',
      at('B.TXT;1'),
    ],
    entries: [file('A_NAME_THAT_TAKES_ALL_OF_ITS_COLUMNS.TXT', undefined, T, ann), file('B.TXT', undefined, T, ann)],
  },
  {
    title: 'a long name at the end',
    dialect: 'vms',
    lines: ['A_NAME_THAT_TAKES_ALL_OF_ITS_COLUMNS.TXT;12'],
    entries: [file('A_NAME_THAT_TAKES_ALL_OF_ITS_COLUMNS.TXT')],
  },
  {
    title: 'versions of one file',
    dialect: 'vms',
    lines: [at('A.TXT;3'), at('A.TXT;2'), at('A.TXT;1'), at('B.TXT;7')],
    entries: ['A.TXT', 'A.TXT;2', 'A.TXT;1', 'B.TXT'].map((name) => file(name, undefined, T, ann)),
  },
  ...[true, false].map((rises) => {
    const versions = Array.from({ length: 150 }, (_, index) => (rises ? index + 1 : 150 - index));
    return {
      title: `150 versions of one file, which ${rises ? 'rise' : 'fall'}, and another file`,
      dialect: 'vms' as const,
      lines: [...versions.map((version) => at(`A.TXT;${version}`)), at('B.TXT;7')],
      entries: [...versions.map((version) => (version === 150 ? 'A.TXT' : `A.TXT;${version}`)), 'B.TXT'].map((name) =>
        file(name, undefined, T, ann),
      ),
    };
  }),
  {
    title: 'versions that rise',
    dialect: 'vms',
    lines: [at('A.TXT;1'), at('A.TXT;2')],
    entries: ['A.TXT;1', 'A.TXT'].map((name) => file(name, undefined, T, ann)),
  },
  {
    title: 'several directories',
    dialect: 'vms',
    lines: [
      'Directory D:[ANN]',
      at('A.TXT;1'),
      'Directory D:[ANN.SUB]',
      at('B.TXT;1'),
      'Grand total of 2 directories, 2 files.',
    ],
    entries: [file('A.TXT', undefined, T, ann), file('[.SUB]B.TXT', undefined, T, ann)],
  },
  { title: 'an empty directory', dialect: 'vms', lines: ['%DIRECT-W-NOFILES, no files found'], entries: [] },
  {
    title: 'a row that is none',
    dialect: 'vms',
    lines: [at('A.TXT;1'), 'A.TXT is locked'],
    entries: [file('A.TXT', undefined, T, ann)],
    unparsed: ['A.TXT is locked'],
  },
  {
    title: 'names with an error on the next line',
    dialect: 'vms',
    lines: [
      'A.TXT;1',
      '%RMS-E-PRV, insufficient privilege or file protection violation',
      'B.TXT;1',
      '        %RMS-E-PRV, insufficient privilege or file protection violation',
    ],
    entries: [file('A.TXT'), file('B.TXT')],
  },
  {
    title: 'an error that is of no name',
    dialect: 'vms',
    lines: [at('A.TXT;1'), '%RMS-E-FNF, file not found'],
    entries: [file('A.TXT', undefined, T, ann)],
    unparsed: ['%RMS-E-FNF, file not found'],
  },
  {
    title: 'a name of ODS-5',
    dialect: 'vms',
    lines: [at('my^_File.Name.txt;1'), at('.DIR;1')],
    entries: [file('my^_File.Name.txt', undefined, T, ann), file('.DIR', undefined, T, ann)],
  },
];

export const vmsListings: readonly CorpusListing[] = [...rows, ...listings];
