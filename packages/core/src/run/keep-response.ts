import { relative } from 'node:path'
import { createDebug } from '../debug.ts'
import type { ImageRequest } from '../identity/request.ts'
import { ProviderError } from '../providers/provider.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { rejectResponse } from '../store/rejected.ts'

const debug = createDebug('store')

/**
 * Stores the response of a failed request that may have been billed, and says in the error how to
 * import a picture by hand.
 *
 * @returns the error to report; the same one if there is no response
 */
export async function keepResponse(
  error: ProviderError,
  { asset, request, paths }: { asset: string; request: ImageRequest; paths: ProjectPaths },
): Promise<ProviderError> {
  const { response } = error
  if (response === undefined) return error
  let path: string
  try {
    path = await rejectResponse(paths.journal, { request, response })
  } catch (failure) {
    // The error of the request matters more.
    debug('%s: the response was not stored: %s', asset, failure)
    return error
  }
  const shown = relative(paths.root, path).replaceAll('\\', '/')
  const billed = error.message.includes('billed') ? '' : 'The request may have been billed. '
  const kept = new ProviderError(error.code, error.message, {
    hint: `${error.hint ?? ''} ${billed}\`limn adopt ${asset} ${shown}\` imports the picture from the stored response, or shows its link.`.trim(),
    retry: error.retry,
    isBegun: error.isBegun,
    isUnsent: error.isUnsent,
    isUncertain: error.isUncertain,
    ...(error.link === undefined ? {} : { link: error.link }),
    cause: error.cause,
  })
  kept.provider = error.provider
  return kept
}
