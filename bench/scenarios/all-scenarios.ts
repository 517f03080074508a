/** Everything that is measured in rounds, in the order of the report. */
import { metadata } from './metadata.js';
import { overhead } from './overhead.js';
import { overLongWires } from './round-trips.js';
import type { Scenario } from './scenario.js';
import { smallFiles } from './small-files.js';
import { throughput } from './throughput.js';
import { trees } from './trees.js';

export const allScenarios: readonly Scenario[] = [
  ...throughput,
  ...smallFiles,
  ...trees,
  ...overLongWires,
  ...metadata,
  ...overhead,
];
