/*
 * What `@limn/vite-plugin` needs before a dev server starts: as few modules as possible, because
 * the server waits for them. Internal: it changes without notice.
 */
export { createDebug, elapsed } from '../debug.ts'
export { codeFrame, replaceUnprintable } from '../diagnostic.ts'
export { LimnError } from '../errors.ts'
export { ManifestError } from '../manifest/manifest-error.ts'
export { openProject } from '../project/project.ts'
export { isManifestIn } from '../project/watch.ts'
export { findEnvFiles, joinEnvironments, trustFileOf } from '../providers/environment.ts'
