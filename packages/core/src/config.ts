/**
 * The default export of `limn.config.ts`. The file is next to the manifest; Limn loads it only to
 * request a picture, and only if the user agreed to that.
 */
export type LimnConfig = {
  /** Image models of the AI SDK, by the name that `model` in the manifest refers to. Default: none. */
  imageModels?: Readonly<Record<string, SdkImageModel>>
  /**
   * Language models of the AI SDK that see pictures, by the name that `judge.model` in the manifest
   * refers to. Default: none.
   */
  judgeModels?: Readonly<Record<string, SdkLanguageModel>>
  /**
   * Providers of the AI SDK that process batches of the image models, such as `google` and `xai`.
   * Default: none.
   */
  batchProviders?: readonly SdkBatchProvider[]
}

/** A provider of the AI SDK with a Batch API. */
export type SdkBatchProvider = { experimental_batch(): { readonly provider: string } }

/** An image model of the AI SDK, such as `fal.image('…')`, or its id at the AI Gateway. */
export type SdkImageModel =
  | string
  | { readonly specificationVersion: string; readonly provider: string; readonly modelId: string }

/** A language model of the AI SDK, such as `anthropic('…')`, or its id at the AI Gateway. */
export type SdkLanguageModel = SdkImageModel

/**
 * Returns the config unchanged, with its types checked.
 *
 * @example
 *   export default defineConfig({ imageModels: { flux: fal.image('…') } })
 */
export function defineConfig(config: LimnConfig): LimnConfig {
  return config
}
