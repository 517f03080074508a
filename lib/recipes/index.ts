/// <reference types="node" preserve="true" />
/** Exports recipes for common work, built on the public client alone. */
export { download$ } from './download.js';
export type { DownloadOptions } from './download-options.js';
export type { ExistsChoice } from './exists.js';
export type { FileProgress } from './file-progress.js';
export { fxp$ } from './fxp.js';
export type { FxpOptions } from './fxp-options.js';
export type { FxpFtp } from './fxp-proof.js';
export { apply$, type MirrorOptions, mirror$ } from './plan/apply.js';
export type { ApplyEvent, MirrorEvent, PlanEvent, ProgressEvent, StepEvent } from './plan/apply-event.js';
export type { ApplyOptions } from './plan/apply-options.js';
export type { CompareChoice } from './plan/compare-files.js';
export type { Plan, PlannedTarget, PlanStep, PlanTotals } from './plan/plan.js';
export type { PlanOptions } from './plan/plan-options.js';
export { plan$ } from './plan/plan-trees.js';
export { publish$ } from './publish/publish.js';
export type { PublishEvent, PublishStep } from './publish/publish-event.js';
export type { PublishOptions } from './publish/publish-options.js';
export { type EnsureDirectoryFtp, type EnsureDirectoryOptions, ensureDirectory$ } from './tree/ensure-directory.js';
export { type GlobOptions, glob$ } from './tree/glob.js';
export type { PatternOptions } from './tree/patterns.js';
export { type LocalPlace, local, type Place, type RemotePlace, remote } from './tree/place.js';
export {
  type EmptyDirectoryOptions,
  emptyDirectory$,
  type RemovedTree,
  type RemoveTreeOptions,
  removeTree$,
} from './tree/remove-tree.js';
export type { TreeEntry } from './tree/tree-entry.js';
export { FtpTreeError, type TreePathError } from './tree/tree-error.js';
export { type TreeUsage, usage$ } from './tree/usage.js';
export { type WalkOptions, walk$ } from './tree/walk.js';
export { upload$ } from './upload.js';
export type { UploadOptions } from './upload-options.js';
