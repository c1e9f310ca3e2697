import { formatPlace } from '../diagnostic.ts'
import { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'
import type { Manifest } from '../manifest/manifest.ts'

/** Reports the failure of an asset, or of one of its files. */
export type ReportFailure = (asset: string, error: unknown, file?: string) => void

/** Creates a reporter that adds the asset's place in the manifest to errors that have no location. */
export function createFailureReporter(
  { assets }: Pick<Manifest, 'assets'>,
  onEvent: OnEvent,
): ReportFailure {
  return (asset, error, file) => {
    const place = assets.find(({ name }) => name === asset)?.place
    if (error instanceof LimnError && place !== undefined) error.location ??= formatPlace(place)
    onEvent({ type: 'failed', asset, ...(file === undefined ? {} : { file }), error })
  }
}

/**
 * Does some work for an asset. A failure is reported and stops nothing else.
 *
 * @returns whether it succeeded
 */
export async function attempt(
  asset: string,
  reportFailure: ReportFailure,
  work: () => Promise<void>,
): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    reportFailure(asset, error)
    return false
  }
}

/** Returns the code of an error, for the history and the log; `bug` if it has none. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined
  return typeof code === 'string' ? code : 'bug'
}
