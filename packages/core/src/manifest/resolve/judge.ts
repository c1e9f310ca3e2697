import { DEFAULT_JUDGE_MODEL, findJudgePrice } from '../../models/judges.ts'
import type { ManifestFile } from '../manifest-file.ts'
import type { JudgeSettings } from '../manifest.ts'
import { defaultModel, resolveProviders } from './providers.ts'

/** The provider of the judge if the manifest names none. */
const DEFAULT_PROVIDER = 'openai'

/**
 * Fills in the defaults of `judge`. A provider that is unknown or `local`, which a rule reports,
 * resolves to OpenAI.
 */
export function resolveJudge(
  file: Pick<ManifestFile, 'judge' | 'providers' | 'limits'>,
): JudgeSettings {
  const { provider = DEFAULT_PROVIDER, model, price } = file.judge ?? {}
  const [named] = resolveProviders({ ...file, provider }, undefined)
  const isUsable = named !== undefined && named.server !== 'local'
  const server = isUsable
    ? named
    : resolveProviders({ ...file, provider: DEFAULT_PROVIDER }, undefined)[0]!
  // A model of the AI SDK has the name of its provider by default, as for pictures.
  const fallback = server.server === 'ai-sdk' ? defaultModel(server)! : DEFAULT_JUDGE_MODEL
  const id = model ?? fallback
  return {
    provider: server.name,
    model: id,
    price: price ?? (server.server === 'ai-sdk' ? null : (findJudgePrice(id) ?? null)),
    server,
  }
}
