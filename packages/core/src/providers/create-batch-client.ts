import type { ProviderSettings } from '../manifest/manifest.ts'
import type { OwnModels } from '../models/models.ts'
import type { BatchClient } from './batch-client.ts'
import type { KeyAccess } from './key-access.ts'

/**
 * Creates the client of a provider's Batch API for a model.
 *
 * @param options.root folder of the manifest and of `limn.config.ts`, absolute
 * @throws LimnError `provider/no-key`, `provider/no-consent`; `usage` for an invalid base URL;
 *   `config/…` for a `limn.config.ts` that has no Batch API for the model
 */
export async function createBatchClient(options: {
  settings: ProviderSettings
  model: string
  access: KeyAccess
  models: OwnModels
  root: string
}): Promise<BatchClient> {
  if (options.settings.server === 'ai-sdk') {
    const { createSdkBatchClient } = await import('./ai-sdk/batch-client.ts')
    return createSdkBatchClient(options)
  }
  const { createOpenAIBatchClient } = await import('./openai/batch-client.ts')
  return createOpenAIBatchClient(options)
}
