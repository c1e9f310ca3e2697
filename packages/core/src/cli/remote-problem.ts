import { count } from '../count.ts'
import { type Currency, formatUsd } from '../models/cost.ts'
import { listNames } from '../project/plan-text.ts'
import type { EventOf } from './event-text.ts'
import { withError } from './print-failures.ts'

/** Returns what the remote store did not do in a run, and what that means. */
export function remoteProblem(
  event:
    | EventOf<'remote-failed'>
    | EventOf<'remote-unasked'>
    | EventOf<'remote-damaged'>
    | EventOf<'remote-unsent'>,
  currency: Currency | null,
): string | string[] {
  switch (event.type) {
    case 'remote-failed':
      return withError(
        '  ! Limn works without the remote store, and may pay for pictures that it has. ',
        event.error,
      )
    case 'remote-unasked':
      return `  ! ${unaskedText(event, currency)}`
    case 'remote-damaged':
      return `  ! ${event.store} has a damaged or foreign object, which Limn does not use: ${event.key}. Run \`limn cache verify\` to find all of them.`
    case 'remote-unsent':
      return withError(`  ! ${unsentText(event)} `, event.error)
  }
}

/** Returns what may be paid for twice, and how much that is. */
function unaskedText(
  { store, assets, usd, isSent }: EventOf<'remote-unasked'>,
  currency: Currency | null,
): string {
  const cost = usd === null ? 'an unknown price' : `up to ${formatUsd(usd, currency)}`
  const what = count(assets.length, 'picture')
  return isSent
    ? `Limn requested ${what} (${listNames(assets)}) without asking ${store}: ${cost} may be paid a second time.`
    : `Limn could not ask ${store} about ${what}: if it has them, ${cost} is paid a second time.`
}

/** Returns what was not uploaded, and where it is. */
function unsentText({ store, pictures, paths, isOnlyCopy }: EventOf<'remote-unsent'>): string {
  const what = `${count(pictures, 'picture')} not uploaded${store === '' ? '' : ` to ${store}`}`
  if (!isOnlyCopy) return `${what}. Run \`limn cache push\` later.`
  const are = pictures === 1 ? 'It is' : 'They are'
  return `${what}. ${are} only on this machine (${listNames(paths)}): run \`limn cache push\` before you commit the lockfile or discard the machine.`
}
