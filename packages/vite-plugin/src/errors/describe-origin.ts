import type { LimnEvent } from '@limn/core'
import { formatUsd } from '@limn/core/for-vite'

/** Describes where a picture comes from and what it cost: `generated for $0.013`. */
export function describeOrigin({
  recovered,
  usd,
}: Extract<LimnEvent, { type: 'generated' }>): string {
  if (recovered) return 'recovered, already paid for'
  if (usd === 0) return 'generated'
  return usd === null ? 'generated, price unknown' : `generated for ${formatUsd(usd)}`
}
