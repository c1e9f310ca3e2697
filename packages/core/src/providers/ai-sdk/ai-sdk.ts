import type { SdkImageModel } from '../../config.ts'
import { LimnError } from '../../errors.ts'
import type { ProviderSettings } from '../../manifest/manifest.ts'
import { redactKeys } from '../http/redact-keys.ts'
import { type KeyAccess, requireProviderConsent } from '../key-access.ts'
import type { ImageProvider } from '../provider.ts'
import { explainSdkError } from './explain-error.ts'
import { findImageModel, loadConfig } from './load-config.ts'
import { loadSdk } from './load-sdk.ts'
import { readResult } from './read-result.ts'
import { checkInputs, createOptions } from './sdk-request.ts'

/**
 * Creates the provider for the image models of the AI SDK in `limn.config.ts`. Each model has its
 * own server and key. The SDK's own retries are off.
 *
 * @param context.root folder of the manifest, absolute
 * @throws LimnError `config/not-found`, `config/not-trusted`, `config/invalid`
 */
export async function createAiSdkProvider(
  settings: ProviderSettings,
  { root, access }: { root: string; access: KeyAccess },
): Promise<ImageProvider> {
  await requireProviderConsent(settings, { access, root })
  const config = await loadConfig(root)
  const sdk = await loadSdk()
  return {
    async generate(request, { signal, inputs = [], count = 1 }) {
      const name = settings.names[request.model] ?? request.model
      const model = findImageModel(name, config)
      checkInputs(model, name, inputs)
      const timeout = AbortSignal.timeout(settings.timeoutMs)
      try {
        const { images, usage, providerMetadata, responses } = await sdk.generateImage({
          ...createOptions(request, model, { inputs, settings }),
          n: Math.min(count, await maxPicturesPerCall(model)),
          maxRetries: 0,
          abortSignal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
        })
        const requestId = responses[0]?.headers?.['x-request-id']
        return readResult({ images, usage, providerMetadata, requestId })
      } catch (error) {
        if (signal?.aborted === true) {
          throw new LimnError('aborted', 'The run was stopped before the picture arrived.', {
            cause: redactKeys(String(error), ''),
          })
        }
        throw explainSdkError(error, { request, isTimeout: timeout.aborted })
      }
    },
  }
}

/**
 * Returns the maximum of pictures per call. For more, the SDK makes several calls, and if one of
 * them fails, it discards the pictures of the others.
 */
async function maxPicturesPerCall(model: SdkImageModel): Promise<number> {
  // The gateway accepts any number.
  if (typeof model === 'string') return Infinity
  const { maxImagesPerCall: most } = model as {
    maxImagesPerCall?:
      | number
      | ((options: { modelId: string }) => number | undefined | PromiseLike<number | undefined>)
  }
  const max = typeof most === 'function' ? await most.call(model, { modelId: model.modelId }) : most
  return max ?? 1
}
