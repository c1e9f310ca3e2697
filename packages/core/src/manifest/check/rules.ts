import { checkAbilities } from './ability-rules.ts'
import {
  checkAdaptedEdits,
  checkAdaptWithoutShapes,
  checkAlt,
  checkEditsAndVariations,
  checkMatrixSizes,
  checkPromptsAndSources,
  checkPromptsExist,
  checkSourcesAndInputs,
  checkSourceShapes,
} from './asset-rules.ts'
import { checkAtlases } from './atlas-rules.ts'
import { checkCharacterNames, checkCharacterSheets } from './character-rules.ts'
import { checkDataFiles, checkDataMatrices, checkDataOutputs, checkRowNames } from './data-rules.ts'
import { checkEmit } from './emit-rules.ts'
import { checkAttempts, checkComparedAssets, checkPossibleTests } from './expect-rules.ts'
import { checkFinish } from './finish-rules.ts'
import { checkCycles, checkInputFiles, checkInputNames, checkSourceFiles } from './input-rules.ts'
import { checkJudge } from './judge-rules.ts'
import { checkModels } from './model-rules.ts'
import { checkAssetNames, checkNameCollisions, checkPresetNames } from './name-rules.ts'
import {
  checkOutFolder,
  checkOutputEdges,
  checkOutputFiles,
  checkOutputNames,
  checkPresets,
  checkVectorOutputs,
} from './output-rules.ts'
import { checkEach, checkOverlays } from './overlay-rules.ts'
import { checkPrompts } from './prompt-rules.ts'
import { checkProviders } from './provider-rules.ts'
import { checkRemote } from './remote-rules.ts'
import type { Rule } from './rule.ts'
import { checkServerAbilities } from './server-rules.ts'
import { checkCellNames, checkSheets } from './sheet-rules.ts'
import { checkSizes } from './size-rules.ts'
import { checkStyleCycles, checkStyles } from './style-rules.ts'
import { checkTemplates } from './template-rules.ts'

/**
 * What the schema can't say, one small check per name. Mistakes at the same place are reported in
 * this order.
 */
export const rules: readonly Rule[] = [
  checkEditsAndVariations,
  checkSourcesAndInputs,
  checkPromptsExist,
  checkPromptsAndSources,
  checkMatrixSizes,
  checkDataFiles,
  checkDataMatrices,
  checkDataOutputs,
  checkRowNames,
  checkSourceFiles,
  checkInputFiles,
  checkInputNames,
  checkCharacterNames,
  checkCharacterSheets,
  checkSheets,
  checkCellNames,
  checkComparedAssets,
  checkCycles,
  checkAttempts,
  checkPossibleTests,
  checkAdaptWithoutShapes,
  checkSourceShapes,
  checkAdaptedEdits,
  checkAssetNames,
  checkNameCollisions,
  checkStyles,
  checkStyleCycles,
  checkTemplates,
  checkPresets,
  checkPresetNames,
  checkOutputNames,
  checkOutputFiles,
  checkOutputEdges,
  checkVectorOutputs,
  checkFinish,
  checkEach,
  checkOverlays,
  checkOutFolder,
  checkEmit,
  checkAtlases,
  checkRemote,
  checkProviders,
  checkJudge,
  checkServerAbilities,
  checkModels,
  checkAbilities,
  checkSizes,
  checkPrompts,
  checkAlt,
]
