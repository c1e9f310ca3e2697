import type * as AiSdk from 'ai'
import { isObject } from '../../is-object.ts'
import type { Usage } from '../../models/cost.ts'
import { redactKeys } from '../http/redact-keys.ts'
import { readRevisedPrompt } from '../openai/read-answer.ts'
import type { ProviderAnswer } from '../provider.ts'

type SdkResult = Awaited<ReturnType<typeof AiSdk.generateImage>>

/** The parts of a result that Limn reads, of a single request or one in a batch. */
type SdkPictures = {
  images: readonly { readonly uint8Array: Uint8Array }[]
  /** Its keys are the names of vendors. */
  providerMetadata?: object | undefined
  usage?: SdkResult['usage'] | undefined
  requestId?: string | undefined
}

/** Reads the pictures of a result. */
export function readResult({
  images,
  requestId,
  usage = {} as SdkResult['usage'],
  providerMetadata = {},
}: SdkPictures): ProviderAnswer {
  const facts = Object.values(providerMetadata as Record<string, unknown>).flatMap(
    (each) => (isObject(each) && Array.isArray(each['images']) ? each['images'] : []) as unknown[],
  )
  const details = facts.map((each) => (isObject(each) ? each : {}))
  const tokens = readTokens(usage, details)
  return {
    images: images.map(({ uint8Array }) => uint8Array),
    revisedPrompts: images.map((_, index) =>
      readRevisedPrompt({ revised_prompt: details[index]?.['revisedPrompt'] }, ''),
    ),
    ...(tokens === undefined ? {} : { usage: tokens }),
    ...(requestId === undefined ? {} : { requestId: redactKeys(requestId, '') }),
  }
}

function readTokens(
  { inputTokens, outputTokens = 0 }: SdkResult['usage'],
  details: readonly Record<string, unknown>[],
): Usage | undefined {
  if (outputTokens <= 0) return undefined
  const sum = (field: string): number | undefined =>
    details.reduce<number | undefined>(
      (total, each) => (typeof each[field] === 'number' ? (total ?? 0) + each[field] : total),
      undefined,
    )
  const image = sum('imageTokens')
  const text =
    sum('textTokens') ?? (inputTokens === undefined ? undefined : inputTokens - (image ?? 0))
  return {
    outputTokens,
    ...(text === undefined ? {} : { inputTextTokens: text }),
    ...(image === undefined ? {} : { inputImageTokens: image }),
  }
}
