import { findUnsupported } from '../../models/servers.ts'
import { pathOfField, pathOfInputs, pathOfMarkup, pathOfMask } from './field-path.ts'
import { isRequested } from './is-requested.ts'
import type { Checked, Report } from './rule.ts'

/** Returns where a part of an asset is written, by part. */
const pathsByPart = { mask: pathOfMask, markup: pathOfMarkup, inputs: pathOfInputs } as const

/**
 * Finds what the first provider's server can't do, whatever the model. In a failover Limn skips
 * servers that can't do what a request needs.
 */
export function checkServerAbilities(checked: Checked, report: Report): void {
  const { manifest } = checked
  const [first] = manifest.providers
  if (first === undefined || first.server === 'local' || first.server === 'ai-sdk') return
  for (const asset of manifest.assets) {
    if (!isRequested(asset)) continue
    for (const { part, cannot } of findUnsupported(first.quirks, asset)) {
      const wording = {
        code: 'server',
        message: `${first.name} ${cannot}.`,
        hint: 'Remove it, or choose another server with `provider`.',
      }
      if (part === 'format' || part === 'background') {
        report({ path: pathOfField(checked, asset, part), part: 'value', ...wording })
      } else {
        const path = pathsByPart[part](asset)
        report({ path, part: 'key', ...wording })
      }
    }
  }
}
