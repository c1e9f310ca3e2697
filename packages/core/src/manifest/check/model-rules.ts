import { didYouMean } from '../../did-you-mean.ts'
import type { Model } from '../../models/model.ts'
import { findModel, modelById } from '../../models/models.ts'
import type { Path } from '../parse/path.ts'
import { type Field, pathOfField } from './field-path.ts'
import { suggestModel } from './find-capable-model.ts'
import { isRequested } from './is-requested.ts'
import type { Checked, Problem, Report } from './rule.ts'

/** Checks that models are known, are not shut down, and have the quality that is requested. */
export function checkModels(checked: Checked, report: Report): void {
  const { manifest } = checked
  const isOfficial = manifest.providers.some(
    ({ server, baseURL }) => server === 'openai' && baseURL === null,
  )
  for (const asset of manifest.assets) {
    if (!isRequested(asset)) continue
    const row = findModel(asset.model, manifest.models)
    const path = (field: Field): Path => pathOfField(checked, asset, field)
    if (row === undefined) {
      report({ path: path('model'), ...explainUnknownModel(asset.model) })
      continue
    }
    if (isOfficial && row.shutdown !== undefined) {
      report({ path: path('model'), ...explainShutdown(row.id, row.shutdown) })
    }
    if (!hasQuality(row, asset.quality)) {
      report({ path: path('quality'), ...explainQuality(row, asset.quality) })
    }
  }
}

type Wording = Omit<Problem, 'path'>

function explainUnknownModel(model: string): Wording {
  return {
    code: 'unknown-model',
    severity: 'warning',
    message: `Limn does not know the model "${model}": it can't check its capabilities or its price.`,
    hint:
      didYouMean(model, modelById.keys()) ??
      'Describe its capabilities and price below `models` of its provider.',
  }
}

function explainShutdown(
  id: string,
  { date, replacement }: NonNullable<Model['shutdown']>,
): Wording {
  return {
    code: 'retired-model',
    severity: 'warning',
    message: `OpenAI's shutdown date for ${id} is ${date}.`,
    hint: `Use ${replacement} instead; existing pictures stay as they are.`,
  }
}

function hasQuality({ qualities }: Model, quality: string): boolean {
  return qualities.length === 0 || quality === 'auto' || qualities.includes(quality)
}

function explainQuality({ id, qualities }: Model, quality: string): Wording {
  const other = suggestModel('has it', (model) => model.qualities.includes(quality))
  // A name that another model has is not a typo.
  const meant = other === '' ? didYouMean(quality, qualities) : undefined
  return {
    code: 'quality',
    message: `${id} has no quality "${quality}".`,
    hint: meant ?? `Write one of ${[...qualities, 'auto'].join(', ')}.${other}`,
  }
}
