import { explainPrice } from '../../packages/core/src/models/cost.ts'
import type { Model } from '../../packages/core/src/models/model.ts'
import { modelById, priceSource } from '../../packages/core/src/models/models.ts'
import { servers } from '../../packages/core/src/models/servers.ts'
import { code, table } from './markdown.ts'

/** Lists models with what they support and what a square picture costs. */
export function modelsPage(): string {
  const models = [...modelById.values()]
  const features = models.map((model) => [
    code(model.id),
    model.operations.join(', '),
    model.qualities.join(', '),
    yes(model.transparent),
    model.references === 0 ? '' : String(model.references),
    yes(model.masks),
    yes(model.batch),
    model.shutdown === undefined
      ? ''
      : `${model.shutdown.date}: ${code(model.shutdown.replacement)}`,
  ])
  return `# Models and prices

What Limn knows about models, as data. It rejects what a model does not support before a request costs anything. A model that is not listed works too; [describe it](../providers.md) if it needs other limits or a price.

${table(['model', 'operations', 'qualities', 'transparent', 'inputs', 'masks', 'batch', 'retires, replaced by'], features)}

## Prices

Estimated USD of one picture of 1024 × 1024 px for a prompt of 40 words, from ${priceSource.name} of ${priceSource.date}. \`limn plan\` estimates each picture with its own size and prompt. [Costs](../cost.md) explains the formula.

${table(['model', 'quality', 'USD', 'USD in a batch'], models.flatMap(prices))}

## Servers

A provider of the manifest names the kind of API that it has.

${table(
  ['server', 'address'],
  Object.entries(servers).map(([id, { baseURL }]) => [
    code(id),
    baseURL === null ? 'your own' : code(baseURL),
  ]),
)}
`
}

function prices(model: Model): string[][] {
  const qualities = model.qualities.length === 0 ? ['auto'] : model.qualities
  return qualities.map((quality) => {
    const request = { size: { width: 1024, height: 1024 }, quality, prompt: 'word '.repeat(40) }
    const usd = (batch: boolean): string => {
      const { likelyUsd } = explainPrice(model, { ...request, batch })
      return likelyUsd === null ? 'unknown' : likelyUsd.toFixed(4)
    }
    return [code(model.id), quality, usd(false), model.batch ? usd(true) : '']
  })
}

function yes(is: boolean): string {
  return is ? 'yes' : ''
}
