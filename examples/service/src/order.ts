import { createHmac } from 'node:crypto'
import type { Config } from './config.ts'

/** What a caller asks for, with every choice made. */
export type Order = {
  prompt: string
  model: string
  size: string
  quality: string
  format: 'png' | 'jpeg' | 'webp'
  pictures: number
}

/** The name of the only asset of a project. */
export const ASSET = 'picture'

/**
 * Returns the id of an order: equal orders have equal ids, and nobody without the secret can guess
 * one. The URLs of pictures contain it.
 */
export function idOf(order: Order, secret: Uint8Array): string {
  const { prompt, model, size, quality, format, pictures } = order
  return createHmac('sha256', secret)
    .update(JSON.stringify([1, prompt, model, size, quality, format, pictures]))
    .digest('hex')
}

/**
 * Formats the manifest of orders. JSON is YAML, too. The prompt is the value of a variable, because
 * Limn would fill in the variables of a prompt, such as `{{name}}`.
 */
export function formatManifest(
  orders: Readonly<Record<string, Order>>,
  settings: Config['manifest'],
): string {
  const assets = Object.entries(orders).map(([name, order]) => [
    name,
    {
      prompt: '{{prompt}}',
      vars: { prompt: order.prompt },
      model: order.model,
      size: order.size,
      quality: order.quality,
      format: order.format,
      candidates: order.pictures,
      decorative: true,
    },
  ])
  const manifest = { ...settings, version: 1, assets: Object.fromEntries(assets) as unknown }
  return `${JSON.stringify(manifest, null, 2)}\n`
}
