/*
 * What `@limn/vite-plugin` needs in addition to the public API. Internal: it changes without notice.
 */
export { didYouMean } from '../did-you-mean.ts'
export { canonicalJson, compareText, sha256 } from '../digest.ts'
export { removeTree, touch } from '../disk/project-files.ts'
export { readIfExists } from '../disk/read-errors.ts'
export { listInside, statInside } from '../disk/read-inside.ts'
export { writeFileAtomic } from '../disk/write-atomic.ts'
export { hashRecipe } from '../identity/recipe.ts'
export { hashRequest } from '../identity/request.ts'
export type { LockEntry } from '../lock/lock.ts'
export { isVectorPath, sizeOfOutput } from '../manifest/output-size.ts'
export { extensionByFormat, type Format } from '../manifest/presets.ts'
export { formatUsd } from '../models/cost.ts'
export { describeStep } from '../plan/describe-step.ts'
export { hasContent } from '../plan/inventory.ts'
export { enlargementNotes, masterShapeOf } from '../plan/size-notes.ts'
export { adviseOn, needOf } from '../plan/states.ts'
export { isAboutVerdicts, isNewSource } from '../plan/steps.ts'
export type { ServedFile } from '../project/cut-on-demand.ts'
export { draftRequest } from '../project/draft-pictures.ts'
export { createFailureGroups } from '../project/failure-groups.ts'
export { createOutputService, type OutputService } from '../project/output-service.ts'
export { mainOutputs } from '../project/picture/main-outputs.ts'
export {
  animatedOutputs,
  createPicture,
  mainOutput,
  outputsOf,
  type Picture,
  type UrlOf,
  withActualSizes,
} from '../project/picture/picture.ts'
export { exportNames, type IndexEntry, indexEntries } from '../project/types-file/index-entries.ts'
export {
  isPictureSelector,
  presetWithFormat,
  selectorsOf,
} from '../project/types-file/selectors.ts'
export { findTypesFile } from '../project/types-file/types-file.ts'
export { updateTypes } from '../project/types-file/update-types.ts'
