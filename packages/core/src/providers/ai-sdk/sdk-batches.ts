import type * as AiSdk from 'ai'
import type { SdkImageModel } from '../../config.ts'
import { LimnError } from '../../errors.ts'
import type { ProviderSettings } from '../../manifest/manifest.ts'
import { redactKeys } from '../http/redact-keys.ts'
import { withoutBilling } from '../without-billing.ts'
import { explainSdkError } from './explain-error.ts'
import type { LoadedConfig } from './load-config.ts'
import { loadSdk } from './load-sdk.ts'
import { vendorOf } from './sdk-request.ts'

/*
 * The batches of the AI SDK: its `experimental_startBatch` and the functions beside it, which
 * @ai-sdk/google (the Batch API of Gemini) and @ai-sdk/xai support for pictures, as of ai 7.0.173.
 * The SDK chooses the names of batches itself, so Limn adds its own name to the id of each request,
 * and finds a batch by the ids in its results.
 */

/** What the functions of the SDK need to reach one Batch API. */
export type SdkBatches = {
  sdk: BatchSdk
  provider: AiSdk.Experimental_BatchProvider
  /** The SDK's name of the Batch API: `google.batch`. */
  api: string
  /** Calls a function of the SDK, and explains its failure. */
  call: <T>(work: (signal: AbortSignal) => PromiseLike<T>, signal?: AbortSignal) => Promise<T>
  headers: Readonly<Record<string, string>>
}

/** The functions of the SDK for batches. */
type BatchSdk = Pick<
  typeof AiSdk,
  | 'experimental_startBatch'
  | 'experimental_getBatchStatus'
  | 'experimental_getBatchResults'
  | 'experimental_listBatches'
  | 'experimental_cancelBatch'
>

/** Finds the Batch API of a model's vendor in the config. @throws LimnError `config/invalid` */
export async function openBatches(
  model: SdkImageModel,
  {
    config: { batchProviders, file },
    name,
    settings,
  }: { config: LoadedConfig; name: string; settings: ProviderSettings },
): Promise<SdkBatches> {
  const vendor = vendorOf(model)
  const provider = batchProviders.find(
    (each) => each.experimental_batch().provider.split('.', 1)[0] === vendor,
  )
  if (provider === undefined) {
    throw new LimnError(
      'config/invalid',
      `${file} has no batch provider for the model "${name}" of ${vendor}.`,
      { hint: `Add \`batchProviders: [${vendor}]\`, or run the command without --batch.` },
    )
  }
  return {
    sdk: requireBatches(await loadSdk()),
    provider: provider as unknown as AiSdk.Experimental_BatchProvider,
    api: provider.experimental_batch().provider,
    headers: settings.headers,
    call: createCall(name, settings),
  }
}

function requireBatches(sdk: Partial<BatchSdk>): BatchSdk {
  if (typeof sdk.experimental_startBatch === 'function') return sdk as BatchSdk
  throw new LimnError('config/invalid', 'The installed version of the AI SDK has no batches.', {
    hint: 'Run `npm install --save-dev ai@7`, or run the command without --batch.',
  })
}

/** Creates a function that calls the SDK with a time limit. */
function createCall(model: string, { timeoutMs }: ProviderSettings): SdkBatches['call'] {
  return async (work, signal) => {
    const timeout = AbortSignal.timeout(timeoutMs)
    try {
      return await work(signal === undefined ? timeout : AbortSignal.any([signal, timeout]))
    } catch (error) {
      if (signal?.aborted === true) {
        throw new LimnError('aborted', 'The run was stopped before the Batch API answered.', {
          cause: redactKeys(String(error), ''),
        })
      }
      const request = { model, inputs: [] }
      throw withoutBilling(explainSdkError(error, { request, isTimeout: timeout.aborted }))
    }
  }
}
