/*
 * What `@limn/vite-plugin` needs before a dev server starts: as few modules as possible, because
 * the server waits for them. Internal: it changes without notice.
 */
// oxlint-disable-next-line import/no-unassigned-import -- fails if Node is too old
import '../require-node.ts'
export { commandName, nameCommands } from '../command-name.ts'
export { createDebug, elapsed } from '../debug.ts'
export { codeFrame } from '../diagnostic.ts'
export { isBelow } from '../disk/open-inside.ts'
export { maxBytes, readTextInside } from '../disk/read-inside.ts'
export { LimnError } from '../errors.ts'
export { ManifestError } from '../manifest/manifest-error.ts'
export { mainSteps } from '../plan/steps.ts'
export { openProject } from '../project/project.ts'
export { isManifestIn } from '../project/is-manifest-in.ts'
export { findEnvFiles, joinEnvironments, trustFileOf } from '../providers/environment.ts'
export { replaceUnprintable, toOneLine } from '../safe-text.ts'
