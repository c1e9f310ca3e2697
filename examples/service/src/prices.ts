import { join } from 'node:path'
import { ManifestError, openProject } from '@limn/core'
import type { Config } from './config.ts'
import { writeDurably } from './files.ts'
import { formatManifest, type Order } from './order.ts'

/** The most that a picture costs, USD, by model, then by size and quality: `1024x1024 low`. */
export type Prices = Readonly<Record<string, Readonly<Record<string, number>>>>

/**
 * Plans every choice that the config offers, and returns the prices. So a mistake in the config
 * stops the start, and not the request of a caller.
 *
 * @throws Error that says which choice is wrong
 */
export async function readPrices(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Prices> {
  const orders = listOrders(config)
  const folder = join(config.data, 'prices')
  const path = join(folder, 'images.yaml')
  await writeDurably(
    path,
    formatManifest(
      Object.fromEntries(orders.map((order, index) => [`choice-${index}`, order])),
      config.manifest,
    ),
  )
  const { plan } = await openProject({ cwd: folder, env })
    .plan()
    .catch((error: unknown) => {
      throw error instanceof ManifestError ? new Error(describe(error), { cause: error }) : error
    })
  const prices: Record<string, Record<string, number>> = {}
  for (const step of plan.steps) {
    if (step.kind !== 'generate') continue
    const { model, size, quality } = orders[Number(step.asset.slice(7))]!
    if (step.usd === null) {
      throw new Error(
        `The price of ${model} (${size}, ${quality}) is unknown: add it to \`manifest.models\`.`,
      )
    }
    ;(prices[model] ??= {})[`${size} ${quality}`] = step.usd
  }
  return prices
}

function describe({ diagnostics }: ManifestError): string {
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ message, hint }) => [message, hint].filter(Boolean).join(' '))
    .join('\n')
}

function listOrders({ models, maxPromptCharacters }: Config): Order[] {
  return Object.entries(models).flatMap(([model, { sizes, qualities }]) =>
    sizes.flatMap((size) =>
      qualities.map((quality): Order => ({
        prompt: 'x'.repeat(Math.min(maxPromptCharacters, 200)),
        model,
        size,
        quality,
        format: 'png',
        pictures: 1,
      })),
    ),
  )
}
