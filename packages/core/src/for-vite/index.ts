/*
 * What `@limn/vite-plugin` needs beside the public API. Not for others: it changes without notice.
 */
export { canonicalJson, compareText, sha256 } from '../digest.ts'
export { writeFileAtomic } from '../disk/write-atomic.ts'
export type { LockEntry } from '../lock/lock.ts'
export { extensionByFormat, type Format } from '../manifest/presets.ts'
export { describeStep } from '../plan/describe-step.ts'
export { isNewSource } from '../plan/steps.ts'
export { hashRecipe } from '../identity/recipe.ts'
export { hashRequest } from '../identity/request.ts'
export {
  createOutputService,
  draftRequest,
  type OutputService,
  type ServedFile,
} from '../project/output-service.ts'
export { didYouMean } from '../did-you-mean.ts'
