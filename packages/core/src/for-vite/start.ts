/*
 * What `@limn/vite-plugin` needs before a dev server is there: as few modules as can be, as
 * whoever starts the server waits for them. Not for others: it changes without notice.
 */
export { codeFrame } from '../diagnostic.ts'
export { LimnError } from '../errors.ts'
export { ManifestError } from '../manifest/manifest-error.ts'
export { openProject } from '../project/project.ts'
export { joinEnvironments } from '../providers/environment.ts'
export { isManifestIn } from '../project/watch.ts'
